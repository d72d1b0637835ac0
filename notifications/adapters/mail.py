"""Writing and sending one mail: text and HTML, a link, and no health data."""

import smtplib
from urllib.parse import urlsplit

from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.template.loader import render_to_string

from notifications.domain.mail_texts import MailText, around_link


class MailRefused(Exception):
    """The address or the message will never be taken; the text is a code, without the address."""


class MailDelayed(Exception):
    """The mail server does not take it now; the text is a code, without the address."""


def written(text: MailText, link: str) -> tuple[str, str]:
    """A mail's body as plain text and as HTML; the words are shown as they stand, whatever is in them."""
    before, after = around_link(text.text)
    context = {"before": before, "link": link, "after": after, "language": text.language}
    return render_to_string("notifications/mail.txt", context), render_to_string("notifications/mail.html", context)


def send_mail(*, message_id: str, to: str, text: MailText, link: str) -> None:
    """Send one mail by the configured backend; raises ``MailRefused`` or ``MailDelayed``.

    A mail that is sent again, because nobody knows whether the first one left, carries the same ``Message-ID``.
    """
    plain, html = written(text, link)
    headers = {
        "Message-ID": f"<{message_id}@{urlsplit(link).hostname}>",
        # So that no holiday notice answers.
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(text.subject, plain, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    try:
        message.send(fail_silently=False)
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


def _by_code(code: int) -> MailRefused | MailDelayed:
    return MailRefused(f"smtp_{code}") if code >= 500 else MailDelayed(f"smtp_{code}")
