"""E-mail by the mail server that ``EMAIL_URL`` names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr, parseaddr
from typing import Any

from config.kernel.conf import setting
from notifications.adapters.email.mail import headers_of, message_of, post, send_by_smtp
from notifications.adapters.protocol import EMAIL, Accepted, Outward, Session


class EmailChannel:
    """Mails to people."""

    name = EMAIL

    def provider(self) -> str:
        """Always one: without settings mails are shown on the console."""
        return "smtp"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One connection for several mails."""
        with post() as connection:
            yield SmtpSession(connection)


class SmtpSession:
    """Mails over one SMTP connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def send(self, outward: Outward) -> Accepted:
        """One mail; SMTP has no name for it, so that it goes by its Message-ID."""
        send_by_smtp(mail_of(outward, self._connection), self._connection)
        return Accepted(provider_id=outward.message_id)


def mail_of(outward: Outward, connection: Any) -> Any:
    """The message as Django's mail backends take it."""
    headers = headers_of(outward.message_id, outward.link)
    if outward.unsubscribe_url:
        # RFC 8058: the mailbox' own button, which asks nobody to sign in.
        headers["List-Unsubscribe"] = f"<{outward.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message_of(
        to=outward.address,
        subject=outward.subject,
        plain=outward.text,
        html=outward.html,
        headers=headers,
        connection=connection,
        sender=_sender(outward.sender_name),
    )


def _sender(name: str) -> str:
    """The platform's address under the name that the mail is to come from."""
    own_name, address = parseaddr(setting("DEFAULT_FROM_EMAIL"))
    return formataddr((name or own_name, address))
