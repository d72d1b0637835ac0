"""SMTP whose last answer is waited for: between the end of a mail and the server's word for it, nobody knows."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from notifications.adapters.protocol import Unanswered

# RFC 5321 asks for ten minutes; so long a worker is not held.
ANSWER_SECONDS = 300


class _Waiting(smtplib.SMTP):
    """``smtplib`` that tells a lost answer to a whole mail from every other loss."""

    _answers_to_data: int | None = None

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As the library's; raises ``Unanswered`` when the bytes are gone and no answer comes."""
        self._answers_to_data = 0
        try:
            return super().data(msg)
        finally:
            self._answers_to_data = None

    def getreply(self) -> tuple[int, bytes]:
        """The first answer to DATA lets us send, the second says what became of the mail."""
        if self._answers_to_data is None:
            return super().getreply()
        self._answers_to_data += 1
        if self._answers_to_data == 1:
            return super().getreply()
        assert self.sock is not None
        before = self.sock.gettimeout()
        self.sock.settimeout(ANSWER_SECONDS)
        try:
            answer = super().getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unanswered(type(error).__name__) from None
        self.sock.settimeout(before)
        return answer


class _WaitingTls(_Waiting, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class SmtpBackend(EmailBackend):
    """Django's own, speaking by the classes above."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Which of the two."""
        return _WaitingTls if self.use_ssl else _Waiting
