"""Events as the relay delivers them, mails as a mail server takes them."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from aiosmtpd.controller import Controller
from django.db import connections, transaction

from config.kernel import clock, editions
from config.kernel.auth import Principal
from config.kernel.db.router import alias_of
from config.kernel.events import Event, signal_for
from config.kernel.jobs.sweep import reclaim_expired
from config.kernel.limits import per_subject
from config.kernel.outbox import publish
from config.runtime.embedded.process import free_port
from identity import services as identity
from notifications.models import Edition, Job, Notice
from notifications.services.text_editions import MAIL_TEXTS
from tests.factories import make_person, principal_for


def deliver(event: Event, *, event_id: UUID | None = None, times: int = 1) -> list[BaseException]:
    """Call this context's receivers of ``event`` as the relay does; returns what they raised."""
    event_id, errors = event_id or uuid4(), []
    mine = [
        function
        for _, function, *_ in signal_for(event.name).receivers
        if getattr(function, "__module__", "").startswith("notifications.handlers")
    ]
    assert mine, f"nobody listens to {event.name}"
    for _ in range(times):
        for receiver in mine:
            try:
                receiver(event=event, event_id=event_id, correlation_id="")
            except Exception as error:
                errors.append(error)
    return errors


def send(event: Event) -> None:
    """Publish ``event`` in its own context."""
    with transaction.atomic(using=alias_of(event.context)):
        publish(event)


def kinds_of(user_id: UUID | None) -> list[str]:
    """What the user was told, oldest first."""
    return list(Notice.objects.filter(user_id=user_id).order_by("sequence").values_list("kind", flat=True))


def hurry() -> None:
    """Let no job wait any longer for its next try."""
    Job.objects.filter(state="QUEUED").update(run_after=clock.now())


def leases_end() -> None:
    """What dead workers held is free at once, and nothing has to be waited for."""
    with connections["notifications"].cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_job SET lease_until = clock_timestamp() - interval '1 second' WHERE state = 'RUNNING'"
        )
    reclaim_expired("notifications")
    hurry()


def reached(*, user_ids: Any) -> dict[UUID, identity.ContactDTO]:
    """In place of ``identity.contacts``: anybody has a confirmed address and number, by which their id is known."""
    return {
        user_id: identity.ContactDTO(
            user_id=user_id,
            address=f"{user_id.hex}@example.org",
            locale="en",
            zone=None,
            verified=True,
            active=True,
            phone=f"+49151{user_id.int % 10**8:08}",
        )
        for user_id in user_ids
    }


def key_that_notifies() -> dict[str, str]:
    """The header of a program's key with the scope ``notify``."""
    made = identity.create_service_key(
        principal=make_person("administrator"),
        name="Clinic calendar",
        scopes=("notify",),
        networks=("127.0.0.0/8",),
        expires_at=clock.now() + timedelta(days=30),
    )
    return {"Authorization": f"Api-Key {made.secret}"}


def signed_in(account: identity.AccountDTO) -> Principal:
    """The account's principal with an open session of its own."""
    identity.open_session(user_id=account.id)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM identity_session WHERE user_id = %s ORDER BY id DESC LIMIT 1", [account.id])
        session_id = cursor.fetchone()[0]
    return principal_for(account, session_id=session_id)


@contextmanager
def one_by_one() -> Iterator[None]:
    """An address has room for a mail of each kind, and none waits for others to go with it."""
    room = mock.patch("notifications.services.sending.mail_limits.NEWS", per_subject("mails-one-by-one", 500, hours=1))
    with room, mock.patch("notifications.services.outgoing.fold", side_effect=lambda notice, channels: tuple(channels)):
        yield


class MailServer:
    """A mail server that keeps what it takes; ``answers`` are given to the next recipients before it says yes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.tried: list[str] = []
        self.answers: list[str] = []
        self.data_answers: list[str] = []
        self.silences = 0
        self.pipelining = True
        self._lock = threading.Lock()

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]) -> list[str]:
        session.host_name = hostname
        # Before the last line, which is the library's.
        return [*lines[:-1], *(["250-PIPELINING"] if self.pipelining else []), *lines[-1:]]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.tried.append(address)
        with self._lock:
            answer = self.answers.pop(0) if self.answers else ""
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        with self._lock:
            if self.data_answers:
                return self.data_answers.pop(0)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
            silent, self.silences = self.silences > 0, max(0, self.silences - 1)
        if silent:
            await asyncio.sleep(60)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """Mails to one address."""
        return [message for message in self.taken if message["To"] == address]

    @contextmanager
    def running(self) -> Iterator[int]:
        """Serve on a free port; yields it."""
        port = free_port()
        controller = Controller(self, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield port
        finally:
            controller.stop()


def parts(message: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail, decoded."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def link_in(message: EmailMessage) -> str:
    """The one link of a mail, the same in text and HTML, beside the one that ends mails of its kind."""
    text, html = parts(message)
    links = [link for link in re.findall(r"https?://\S+", text) if "/unsubscribe/" not in link]
    assert len(links) == 1
    assert f'href="{links[0]}"' in html
    return links[0]


def draft_text(code: str, **changes: str) -> UUID:
    """A draft of a mail's text that begins with what counts and differs by ``changes``; its version is 2."""
    author = make_person("medical_director")
    row = editions.start(kind=MAIL_TEXTS, principal=author, code=code)
    body = Edition.objects.get(id=row).body | changes
    editions.save(kind=MAIL_TEXTS, principal=author, edition_id=row, version=1, body=body, note="")
    return row


def publish_text(code: str, **changes: str) -> UUID:
    """A version of a mail's text that two people put in force."""
    row = draft_text(code, **changes)
    editions.publish(kind=MAIL_TEXTS, principal=make_person("administrator"), edition_id=row, version=2)
    return row
