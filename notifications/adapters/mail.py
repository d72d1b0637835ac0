"""Writing and sending one mail: text and HTML, a link, and no health data."""

import smtplib
from urllib.parse import urlsplit

from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

SUBJECTS = {
    "en": "News about your second opinion",
    "de": "Neues zu Ihrer Zweitmeinung",
    "es": "Novedades sobre su segunda opinión",
}
SECURITY_SUBJECTS = {
    "en": "About your account",
    "de": "Zu Ihrem Konto",
    "es": "Sobre su cuenta",
}
# To a clinic or a doctor, who has no account.
RECORDS_SUBJECTS = {
    "en": "A request for medical records",
    "de": "Bitte um medizinische Unterlagen",
    "es": "Solicitud de documentos médicos",
}
_BY_KIND = {"records_wanted": RECORDS_SUBJECTS}


class MailRefused(Exception):
    """The address or the message will never be taken; the text is a code, without the address."""


class MailDelayed(Exception):
    """The mail server does not take it now; the text is a code, without the address."""


def send_mail(*, message_id: str, to: str, kind: str, security: bool, link: str, locale: str) -> None:
    """Send one mail by the configured backend; raises ``MailRefused`` or ``MailDelayed``.

    A mail that is sent again, because nobody knows whether the first one left, carries the same ``Message-ID``.
    """
    language = locale if locale in SUBJECTS else "en"
    subjects = _BY_KIND.get(kind, SECURITY_SUBJECTS if security else SUBJECTS)
    with translation.override(language):
        context = {"kind": kind, "link": link, "language": language}
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    headers = {
        "Message-ID": f"<{message_id}@{urlsplit(link).hostname}>",
        # So that no holiday notice answers.
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(subjects[language], text, to=[to], headers=headers)
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
