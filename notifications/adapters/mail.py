"""Writing and sending one mail: text and HTML, a link, and no health data."""

from django.core.mail import EmailMultiAlternatives
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


def send_mail(*, to: str, kind: str, security: bool, link: str, locale: str) -> None:
    """Send one mail by the configured backend; raises what SMTP raises."""
    language = locale if locale in SUBJECTS else "en"
    subjects = SECURITY_SUBJECTS if security else SUBJECTS
    with translation.override(language):
        context = {"kind": kind, "link": link, "language": language}
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    message = EmailMultiAlternatives(subjects[language], text, to=[to])
    message.attach_alternative(html, "text/html")
    message.send(fail_silently=False)
