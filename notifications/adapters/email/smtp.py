"""SMTP by our own words: commands in one write where the server offers it (RFC 2920), and the last answer waited for.

Between the end of a mail and the server's word for it nobody knows what became of it. Behind a mail's last byte go the
commands of the next one, whose own bytes leave only when the server has asked for them: at most one mail is in doubt.
"""

import smtplib
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.mail.backends.smtp import EmailBackend

from notifications.adapters.protocol import Unanswered

# RFC 5321 asks for ten minutes; so long a worker is not held.
ANSWER_SECONDS = 300
_END: Final = b".\r\n"
_CLOSING, _GO_ON = 421, 354


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One mail as it goes over the wire: the two addresses of its envelope, without names, and its bytes."""

    sender: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


class SmtpBackend(EmailBackend):
    """Django's own way of connecting; what is said then is said by ``post``."""

    _begun: Posting | None = None
    _reset = False

    def post(self, mail: Posting, then: Posting | None = None) -> None:
        """Send one mail; ``then`` is the one that will be posted next, if that is known.

        Raises as ``smtplib.SMTP.sendmail`` does, and ``Unanswered`` when the bytes are gone and no answer comes. The
        connection stays open after a recipient or a mail that was refused, and after nothing else that went wrong.
        """
        try:
            self._post(mail, then)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
            raise
        except (smtplib.SMTPException, OSError, Unanswered):
            self.drop()
            raise

    def _post(self, mail: Posting, then: Posting | None) -> None:
        if self._begun is not None and self._begun is not mail:
            self.drop()
        self.open()
        smtp: Any = self.connection
        smtp.ehlo_or_helo_if_needed()
        together, begun = smtp.has_extn("pipelining"), self._begun is not None
        commands = self._commands(mail)
        self._begun, self._reset = None, False
        if together and not begun:
            smtp.send(b"".join(commands))
        self._agree(mail, commands, together=together)
        more = b""
        if together and then is not None:
            more, self._begun = b"".join(self._commands(then)), then
        _write(smtp.sock, mail.content, more)
        code, said = self._last_answer()
        if not 200 <= code < 300:
            if code == _CLOSING:
                self.drop()
            raise smtplib.SMTPDataError(code, said)

    def drop(self) -> None:
        """Close the connection without a word: the other side may be gone, or wait for the bytes of a mail."""
        self._begun, self._reset = None, False
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def close(self) -> None:
        """As Django's: with a good-bye, but not into the middle of a mail."""
        if self._begun is not None:
            self.drop()
        self._reset = False
        super().close()

    def _commands(self, mail: Posting) -> list[bytes]:
        smtp: Any = self.connection
        options = f" SIZE={len(mail.content)}" if smtp.has_extn("size") else ""
        words = ["RSET"] if self._reset else []
        words += [f"MAIL FROM:<{mail.sender}>{options}", f"RCPT TO:<{mail.recipient}>", "DATA"]
        return [f"{word}\r\n".encode("ascii") for word in words]

    def _agree(self, mail: Posting, commands: list[bytes], *, together: bool) -> None:
        """Hear what is said to a mail's commands; the server waits for its bytes when nothing is raised."""
        smtp: Any = self.connection
        refusal: smtplib.SMTPException | None = None
        for word, command in zip(("RSET", "MAIL", "RCPT", "DATA")[-len(commands) :], commands, strict=True):
            if not together:
                smtp.send(command)
            code, said = smtp.getreply()
            if refusal is None:
                refusal = _refusal(word, code, said, mail)
            elif word == "DATA" and code == _GO_ON:
                # It wants the bytes of a mail that it takes for nobody: it gets none.
                smtp.send(_END)
                smtp.getreply()
            if code == _CLOSING:
                self.drop()
                raise refusal or smtplib.SMTPServerDisconnected("closing")
            if refusal is not None and not together:
                break
        if refusal is not None:
            self._reset = True
            raise refusal

    def _last_answer(self) -> tuple[int, bytes]:
        smtp: Any = self.connection
        before = smtp.sock.gettimeout()
        smtp.sock.settimeout(ANSWER_SECONDS)
        try:
            code, said = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Unanswered(type(error).__name__) from None
        smtp.sock.settimeout(before)
        return code, said


def content_of(text: bytes) -> bytes:
    """A whole mail, each of whose lines ends as RFC 5321 has it, as it stands on the wire after DATA."""
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return (stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n") + _END


def _refusal(word: str, code: int, said: bytes, mail: Posting) -> smtplib.SMTPException | None:
    """What an answer means that is not the one wished for."""
    if word == "MAIL" and code != 250:
        return smtplib.SMTPSenderRefused(code, said, mail.sender)
    if word == "RCPT" and code not in (250, 251):
        return smtplib.SMTPRecipientsRefused({mail.recipient: (code, said)})
    if word == "DATA" and code != _GO_ON:
        return smtplib.SMTPDataError(code, said)
    return None


def _write(sock: Any, content: bytes, more: bytes) -> None:
    """Both in one write. When it breaks, a mail is in doubt only if all of its bytes were given away."""
    left, sent = memoryview(content + more), 0
    try:
        while sent < len(left):
            sent += sock.send(left[sent:])
    except OSError as error:
        if sent >= len(content):
            raise Unanswered(type(error).__name__) from None
        raise smtplib.SMTPServerDisconnected("not whole") from None
