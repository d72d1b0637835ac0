"""E-mail by the provider that ``EMAIL_PROVIDER`` names, else by the mail server of ``EMAIL_URL``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from config.kernel.conf import setting
from notifications.adapters.email.mail import hang_up, post, send_by_smtp, smtp_answers
from notifications.adapters.email.message_content import posting_of
from notifications.adapters.email.message_parts import mail_of
from notifications.adapters.email.smtp import Posting, SmtpBackend
from notifications.adapters.protocol import EMAIL, Accepted, Delayed, Outward, Session

SMTP: Final = "smtp"
AZURE: Final = "azure"


class EmailChannel:
    """Mails to people."""

    name = EMAIL

    def provider(self) -> str:
        """Always one: without settings mails are shown on the console."""
        return setting("EMAIL_PROVIDER") or SMTP

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One connection for several mails."""
        named = self.provider()
        if named == SMTP:
            with post() as connection:
                yield SmtpSession(connection)
        elif named == AZURE:
            from notifications.adapters.email.azure_mail import AzureMailSession

            yield AzureMailSession()
        else:
            yield from _anymail_session(named)


def _anymail_session(named: str) -> Iterator[Session]:
    # Loaded by the first mail that goes there.
    from notifications.adapters.email.anymail_mail import AnymailSession, connect

    try:
        connection = connect(named)
    except (ImproperlyConfigured, ImportError):
        raise Delayed("settings") from None
    try:
        yield AnymailSession(named, connection)
    finally:
        hang_up(connection)


class SmtpSession:
    """Mails over one SMTP connection, or by whatever stands for one (the console, a list in memory)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._prepared: dict[UUID, Posting] = {}

    def follow(self, outwards: Sequence[Outward]) -> None:
        """What is sent next, in this order: the server may hear of each a little early."""
        self._prepared = {}
        if isinstance(self._connection, SmtpBackend):
            for outward in outwards:
                with suppress(ValueError):  # told when its turn has come
                    self._prepared[outward.delivery_id] = posting_of(outward)

    def send(self, outward: Outward) -> Accepted:
        """One mail; SMTP has no name for it, so that it goes by its Message-ID."""
        if isinstance(self._connection, SmtpBackend):
            with smtp_answers():
                mail = self._prepared.pop(outward.delivery_id, None) or posting_of(outward)
                self._connection.post(mail, next(iter(self._prepared.values()), None))
        else:
            send_by_smtp(mail_of(outward, self._connection), self._connection)
        return Accepted(provider_id=outward.message_id)
