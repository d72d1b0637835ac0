"""One message to one person, asked for by a program or by staff under a reference of their own."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, NotFound, Unauthenticated, Unprocessable
from config.kernel.jobs import JobRun, enqueue
from config.kernel.plain_lines import ADVICE, is_plain_line
from identity import services as identity
from notifications.db import atomic, now
from notifications.domain.categories import ALWAYS, Category
from notifications.domain.state_machines import SEND_REQUEST, SendRequestState
from notifications.models import Delivery, SendRequest
from notifications.services.outgoing import create_notice
from notifications.services.send.allowances import require_allowance
from notifications.services.send.cancellations import BEGUN, NOT_BEGUN, take_back
from notifications.services.send.checks import channels_of, message_faults
from notifications.services.templates import Template, template_in_force

SENDERS = frozenset({"administrator", "coordinator"})
SCOPE = "notify"
KIND = "notifications.send_scheduled"
FURTHEST = timedelta(days=366)
# Why a message was cancelled.
SENDER_CANCELLED, ERASED, TEMPLATE_RETIRED = "sender_cancelled", "person_erased", "template_retired"
S = SendRequestState


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is asked for. Without ``channels``: each by which the template says something."""

    user_id: UUID
    template: str
    reference: str
    values: Mapping[str, Any]
    channels: tuple[str, ...] | None = None
    send_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TemplateVersion:
    """Which text, and which version of it."""

    code: str
    version: int


@dataclass(frozen=True, kw_only=True)
class MessageDelivery:
    """One way of a message, how far it is, and why it waits or was not sent. Before its time it has no ``id`` yet."""

    id: UUID | None
    channel: str
    state: str
    not_before: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageDTO:
    """A message that was taken: SCHEDULED, SENT (handed to its channels) or CANCELLED."""

    id: UUID
    state: str
    template: TemplateVersion
    deliveries: tuple[MessageDelivery, ...]


def send_message(*, principal: Principal, message: Message) -> tuple[MessageDTO, bool]:
    """Take a message; whether it is new. The same under the same reference is told again and not sent again.

    ``Conflict`` for a reference that stands for another message, ``Unprocessable`` with every fault there is.
    """
    sender = require_sender(principal)
    if (before := _under(sender, message)) is not None:
        return before, False
    template = checked(principal, message)
    try:
        with atomic():
            if principal.kind == "user":
                require_allowance(sender, message.user_id)
            row = _stored(sender, message, template)
            if row.state == S.SENT:
                _hand_over(row)
            else:
                enqueue(
                    context="notifications",
                    kind=KIND,
                    subject_id=row.id,
                    queue="bulk",
                    run_after=row.send_at,
                    key=f"send:{row.id}",
                )
            record(
                context="notifications",
                action="notification.send",
                patient_id=message.user_id,
                object_type="send_request",
                object_id=row.id,
                detail={"template": template.code, "template_version": template.version},
            )
    except IntegrityError:
        # Somebody was first under this reference at the same instant.
        if (before := _under(sender, message)) is None:
            raise
        return before, False
    return _dto(row), True


def cancel_message(*, principal: Principal, message_id: UUID) -> None:
    """Take back what one asked for oneself; ``Conflict`` once it has begun to leave."""
    sender = require_sender(principal)
    with atomic():
        row = SendRequest.objects.select_for_update().filter(id=message_id, sender_id=sender).first()
        if row is None:
            raise NotFound("You have sent no such message.")
        if row.state == S.CANCELLED:
            return
        if row.state == S.SENT:
            _take_back(row)
        advance(row, S.CANCELLED, reason=SENDER_CANCELLED)
        record(
            context="notifications",
            action="notification.cancel",
            patient_id=row.user_id,
            object_type="send_request",
            object_id=row.id,
        )


def send_scheduled(run: JobRun) -> None:
    """Hand a message to its channels when its time has come; not if it was taken back, its person erased, or its
    template retired meanwhile: then it says so.
    """
    with atomic():
        row = SendRequest.objects.select_for_update().filter(id=run.subject_id, state=S.SCHEDULED).first()
        if row is not None and row.user_id is None:
            advance(row, S.CANCELLED, reason=ERASED)
        elif row is not None and template_in_force(code=row.template) is None:
            advance(row, S.CANCELLED, reason=TEMPLATE_RETIRED)
        elif row is not None:
            advance(row, S.SENT)
            _hand_over(row)
        run.complete()


def require_sender(principal: Principal) -> UUID:
    """Who may write to anybody: administrators, coordinators, and keys of programs with the scope for it."""
    allowed = SCOPE in principal.scopes if principal.kind == "service" else principal.has(*SENDERS)
    if not allowed:
        raise Forbidden("Your role does not allow this.", code="role_forbidden")
    if principal.actor_id is None:
        raise Unauthenticated("Sign in first.", code="not_authenticated")
    return principal.actor_id


def checked(principal: Principal, message: Message) -> Template:
    """The template of a message that can be sent as it is; every fault of any other at once."""
    template = template_in_force(code=message.template)
    if template is not None and principal.kind == "service" and Category(template.category) in ALWAYS:
        raise Forbidden("Programs send no security or legal messages.", code="category_forbidden")
    faults = tuple(_faults(message, template))
    if faults or template is None:
        raise Unprocessable(f"{len(faults)} field(s) need a change; see errors.", errors=faults)
    return template


def _faults(message: Message, template: Template | None) -> Iterator[FieldError]:
    if not is_plain_line(message.reference):
        yield FieldError("#/reference", "not_plain", ADVICE)
    if not identity.contacts(user_ids=[message.user_id]):
        yield FieldError("#/user_id", "unknown_choice", "There is no such account.")
    yield from message_faults(template, channels=message.channels, values=message.values)
    if message.send_at is not None and not now() < message.send_at < now() + FURTHEST:
        yield FieldError("#/send_at", "invalid", "This is not in the future, or more than a year away.")


def _under(sender: UUID, message: Message) -> MessageDTO | None:
    row = SendRequest.objects.filter(sender_id=sender, reference_hash=_digest(message.reference)).first()
    if row is None:
        return None
    if bytes(row.content_hash) != _content(message):
        raise Conflict("This reference stands for another message; choose a new one.", code="reference_used")
    return _dto(row)


def _stored(sender: UUID, message: Message, template: Template) -> SendRequest:
    return SendRequest.objects.create(
        sender_id=sender,
        reference_hash=_digest(message.reference),
        content_hash=_content(message),
        state=SEND_REQUEST.opening(S.SENT if message.send_at is None else S.SCHEDULED),
        user_id=message.user_id,
        template=template.code,
        template_version=template.version,
        category=template.category,
        channels=list(message.channels or channels_of(template)),
        values=dict(message.values),
        send_at=message.send_at,
    )


def _hand_over(row: SendRequest) -> None:
    assert row.user_id is not None
    notice = create_notice(
        user_id=identity.person_now(user_id=row.user_id),
        category=Category(row.category),
        event_key=f"send:{row.id}",
        template=row.template,
        template_version=row.template_version,
        values=row.values,
        channels=row.channels,
    )
    if notice is not None:
        row.notice_id = notice.id
        SendRequest.objects.filter(id=row.id).update(notice_id=notice.id)


def _take_back(row: SendRequest) -> None:
    mine = Delivery.objects.filter(notice_id=row.notice_id) if row.notice_id else Delivery.objects.none()
    # Held for us, so that none of them begins to leave while the others are taken back.
    states = set(mine.select_for_update().order_by("id").values_list("state", flat=True))
    if not states & NOT_BEGUN or states & BEGUN:
        raise Conflict("It has begun to leave, or is there already.", code="already_sent")
    take_back(mine, SENDER_CANCELLED)


def _dto(row: SendRequest) -> MessageDTO:
    rows = Delivery.objects.filter(notice_id=row.notice_id).order_by("id") if row.notice_id else ()
    deliveries = tuple(
        MessageDelivery(id=one.id, channel=one.channel, state=one.state, not_before=one.not_before, reason=one.reason)
        for one in rows
    )
    if row.state != S.SENT and not deliveries:
        deliveries = tuple(
            MessageDelivery(id=None, channel=channel, state=row.state, not_before=row.send_at, reason=row.reason)
            for channel in row.channels
        )
    version = TemplateVersion(code=row.template, version=row.template_version)
    return MessageDTO(id=row.id, state=row.state, template=version, deliveries=deliveries)


def _digest(reference: str) -> bytes:
    return hashlib.sha256(reference.encode()).digest()


def _content(message: Message) -> bytes:
    content = (message.user_id, message.template, message.values, message.channels, message.send_at)
    return hashlib.sha256(orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS)).digest()
