"""Writing and sending one mail: text and HTML, a link, and no health data."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.html import escape

from config.kernel.conf import setting
from notifications.adapters.email.message_content import posting_from
from notifications.adapters.email.message_parts import headers_of, message_of
from notifications.adapters.email.smtp import SmtpBackend
from notifications.adapters.protocol import Delayed, Refused
from notifications.domain.mail_texts import MailText, around_link, frame_of

# RFC 3463, of the mailbox itself: no such mailbox or host, a bad address, moved away, takes no mail, disabled.
_NO_MAILBOX = re.compile(rb"5\.(1\.(1|2|3|6|10)|2\.1)\b")
# What nobody can write into a text: it is another one in each process.
_OWN_LINK, _OWN_STOP = f"link-{token_hex(16)}", f"stop-{token_hex(16)}"
# Ours for Django's own: it knows when nobody knows.
_BACKENDS = {"django.core.mail.backends.smtp.EmailBackend": "notifications.adapters.email.smtp.SmtpBackend"}


def written(text: MailText, link: str, *, stop_url: str = "") -> tuple[str, str]:
    """A mail's body as plain text and as HTML; the words are shown as they stand, whatever is in them.

    ``stop_url``: where one says that one wants no more of them.
    """
    plain, html = _framed(text, urlsplit(link).netloc, stops=bool(stop_url))
    plain = plain.replace(_OWN_LINK, link).replace(_OWN_STOP, stop_url)
    return plain, html.replace(_OWN_LINK, escape(link)).replace(_OWN_STOP, escape(stop_url))


@lru_cache(maxsize=64)
def _framed(text: MailText, host: str, *, stops: bool) -> tuple[str, str]:
    """Both bodies with marks where each person's own links go: the same words go to many people."""
    before, after = around_link(text.text)
    words = {"before": before, "after": after, "subject": text.subject, "language": text.language}
    own = {"link": _OWN_LINK, "stop_url": _OWN_STOP if stops else ""}
    context = words | asdict(frame_of(text, host)) | own | {"host": host}
    return render_to_string("notifications/mail.txt", context), render_to_string("notifications/mail.html", context)


@contextmanager
def post() -> Iterator[Any]:
    """A connection for several mails, opened by the first."""
    backend = setting("EMAIL_BACKEND")
    connection = get_connection(_BACKENDS.get(backend, backend))
    try:
        yield connection
    finally:
        hang_up(connection)


def send_mail(*, message_id: str, to: str, text: MailText, link: str, connection: Any = None) -> None:
    """Send one mail by the mail server of ``EMAIL_URL``; raises ``Refused``, ``Delayed`` or ``Unanswered``.

    A mail that is sent again, because nobody knows whether the first one left, carries the same ``Message-ID``.
    """
    plain, html = written(text, link)
    if connection is None:
        with post() as own:
            send_mail(message_id=message_id, to=to, text=text, link=link, connection=own)
        return
    headers = headers_of(message_id, link)
    message = message_of(to=to, subject=text.subject, plain=plain, html=html, headers=headers, connection=connection)
    send_by_smtp(message, connection)


def send_by_smtp(message: EmailMultiAlternatives, connection: Any) -> None:
    """One mail of Django's over a connection; its answers as the protocol of channels has them."""
    with smtp_answers():
        if isinstance(connection, SmtpBackend):
            connection.post(posting_from(message))
            return
        try:
            connection.open()
            message.send(fail_silently=False)
        except (smtplib.SMTPException, OSError):
            # What went wrong here must not go on in the next mail.
            hang_up(connection)
            raise


@contextmanager
def smtp_answers() -> Iterator[None]:
    """Around what is said to a mail server: what it answers, as the protocol of channels has it."""
    try:
        yield
    # "from None", because the libraries' errors quote the address, and errors end in logs.
    except (BadHeaderError, ValueError):
        raise Refused("bad_header") from None
    except smtplib.SMTPRecipientsRefused as error:
        code, said = min(error.recipients.values())
        raise _by_code(code, "hard" if _NO_MAILBOX.match(said) else "") from None
    except smtplib.SMTPDataError as error:
        raise _by_code(error.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        # Whoever refuses us, and not the mail, is to be asked again: settings get mended.
        raise Delayed(type(error).__name__) from None


def hang_up(connection: Any) -> None:
    """Close a connection whose other side may be gone."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


def _by_code(code: int, suppress: str = "") -> Refused | Delayed:
    return Refused(f"smtp_{code}", suppress) if code >= 500 else Delayed(f"smtp_{code}")
