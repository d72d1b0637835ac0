"""What stands in a mail, for every way by which it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives

from config.kernel.conf import setting
from notifications.adapters.protocol import Outward


def headers_of(message_id: str, link: str, unsubscribe_url: str = "") -> dict[str, str]:
    """What stands above every mail of ours."""
    headers = {
        "Message-ID": f"<{message_id}@{urlsplit(link).hostname}>",
        # So that no holiday notice answers.
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe_url:
        # RFC 8058: the mailbox' own button, which asks nobody to sign in.
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def message_of(
    *,
    to: str,
    subject: str,
    plain: str,
    html: str,
    headers: Mapping[str, str],
    connection: Any,
    sender: str | None = None,
) -> EmailMultiAlternatives:
    """One mail in two forms; ``sender`` stands for the platform's own where it is given."""
    message = EmailMultiAlternatives(subject, plain, sender, [to], headers=dict(headers), connection=connection)
    if html:
        message.attach_alternative(html, "text/html")
    return message


def mail_of(outward: Outward, connection: Any) -> EmailMultiAlternatives:
    """A message as Django's mail backends take it."""
    return message_of(
        to=outward.address,
        subject=outward.subject,
        plain=outward.text,
        html=outward.html,
        headers=headers_of(outward.message_id, outward.link, outward.unsubscribe_url),
        connection=connection,
        sender=sender_of(outward),
    )


def sender_of(outward: Outward) -> str:
    """The platform's address, under the name that the mail is to come from."""
    return _named(setting("DEFAULT_FROM_EMAIL"), outward.sender_name)


@lru_cache(maxsize=64)
def _named(own: str, name: str) -> str:
    own_name, address = parseaddr(own)
    return formataddr((name or own_name, address))
