"""Writing and sending one mail: text and HTML, a link, and no health data."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from config.kernel.conf import setting
from notifications.adapters.smtp import MailUnanswered
from notifications.domain.mail_texts import MailText, around_link

# Ours for Django's own: it knows when nobody knows.
_BACKENDS = {"django.core.mail.backends.smtp.EmailBackend": "notifications.adapters.smtp.SmtpBackend"}


class MailRefused(Exception):
    """The address or the message will never be taken; the text is a code, without the address."""


class MailDelayed(Exception):
    """The mail server does not take it now; the text is a code, without the address."""


def written(text: MailText, link: str) -> tuple[str, str]:
    """A mail's body as plain text and as HTML; the words are shown as they stand, whatever is in them."""
    before, after = around_link(text.text)
    context = {"before": before, "link": link, "after": after, "language": text.language}
    return render_to_string("notifications/mail.txt", context), render_to_string("notifications/mail.html", context)


@contextmanager
def post() -> Iterator[Any]:
    """A connection for several mails, opened by the first."""
    backend = setting("EMAIL_BACKEND")
    connection = get_connection(_BACKENDS.get(backend, backend))
    try:
        yield connection
    finally:
        _hang_up(connection)


def send_mail(*, message_id: str, to: str, text: MailText, link: str, connection: Any = None) -> None:
    """Send one mail by the configured backend; raises ``MailRefused``, ``MailDelayed`` or ``MailUnanswered``.

    A mail that is sent again, because nobody knows whether the first one left, carries the same ``Message-ID``.
    """
    plain, html = written(text, link)
    headers = {
        "Message-ID": f"<{message_id}@{urlsplit(link).hostname}>",
        # So that no holiday notice answers.
        "Auto-Submitted": "auto-generated",
    }
    if connection is None:
        with post() as own:
            send_mail(message_id=message_id, to=to, text=text, link=link, connection=own)
        return
    message = EmailMultiAlternatives(text.subject, plain, to=[to], headers=headers, connection=connection)
    message.attach_alternative(html, "text/html")
    try:
        _send(message, connection)
    # "from None", because the libraries' errors quote the address, and errors end in logs.
    except (BadHeaderError, ValueError):
        raise MailRefused("bad_header") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _by_code(min(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPDataError as error:
        raise _by_code(error.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        # Whoever refuses us, and not the mail, is to be asked again: settings get mended.
        raise MailDelayed(type(error).__name__) from None


def _send(message: EmailMultiAlternatives, connection: Any) -> None:
    try:
        connection.open()
        message.send(fail_silently=False)
    except (smtplib.SMTPException, OSError, MailUnanswered):
        # What went wrong here must not go on in the next mail.
        _hang_up(connection)
        raise


def _hang_up(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


def _by_code(code: int) -> MailRefused | MailDelayed:
    return MailRefused(f"smtp_{code}") if code >= 500 else MailDelayed(f"smtp_{code}")
