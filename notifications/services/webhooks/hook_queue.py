"""What waits for webhooks: events as they come, tests, and what is sent again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from config.kernel.auth import Principal
from config.kernel.db import uuid7
from config.kernel.db.identifiers import instant_of
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict
from config.kernel.events import Event
from config.kernel.feeds import CloudEvent
from config.kernel.feeds.payloads import leaving
from config.kernel.jobs import enqueue
from notifications.db import atomic, now
from notifications.domain.hooks import ALL_EVENTS, TEST_EVENT, HookState
from notifications.models import HookDelivery, Webhook
from notifications.services.webhooks.hook_dto import HookDeliveryDTO, delivery_dto
from notifications.services.webhooks.webhooks import administrator, audit, found

HOOK_KIND = "notifications.send_hook"
MAX_REPLAYED = 1000


def queue_event(*, event: Event, event_id: UUID, correlation_id: str) -> int:
    """Queue an event for each webhook that is told of it; returns for how many. A second time does nothing."""
    wanted = Webhook.objects.filter(off_at=None, events__overlap=[event.name, ALL_EVENTS])
    webhook_ids = list(wanted.values_list("id", flat=True))
    if webhook_ids:
        told = _outgoing(event, event_id, correlation_id)
        with atomic():
            for webhook_id in webhook_ids:
                _queue(webhook_id, told)
    return len(webhook_ids)


def send_webhook_test(*, principal: Principal, webhook_id: UUID) -> HookDeliveryDTO:
    """Send a message that says nothing, as any other is sent."""
    administrator(principal)
    row = found(webhook_id)
    if row.off_at is not None:
        raise Conflict("The webhook is switched off; switch it on first.", code="webhook_off")
    event = CloudEvent(
        topic="notifications",
        id=str(uuid7()),
        type=TEST_EVENT,
        subject=str(row.id),
        time=now(),
        correlation_id="",
        data={"aggregate_id": str(row.id)},
    )
    with atomic():
        audit("webhook.test", row)
        delivery = _queue(row.id, event)
    assert delivery is not None
    return delivery_dto(delivery)


def list_hook_deliveries(
    *, principal: Principal, webhook_id: UUID, limit: int, after: UUID | None
) -> tuple[HookDeliveryDTO, ...]:
    """What the webhook was told, newest first; one row more than ``limit`` when there are more."""
    administrator(principal)
    rows = HookDelivery.objects.filter(webhook=found(webhook_id))
    if after is not None:
        rows = rows.filter(id__lt=after)
    return tuple(delivery_dto(row) for row in rows.order_by("-id")[: limit + 1])


def replay_hook_deliveries(
    *,
    principal: Principal,
    webhook_id: UUID,
    delivery_ids: Sequence[UUID] = (),
    failed_since: datetime | None = None,
) -> int:
    """Send deliveries again, under the ids that they had: the named ones, or all that failed since an instant.

    Returns how many are queued: at most a thousand at a time.
    """
    administrator(principal)
    row = found(webhook_id)
    if row.off_at is not None:
        raise Conflict("The webhook is switched off; switch it on first.", code="webhook_off")
    ended = HookDelivery.objects.filter(webhook=row).exclude(state=HookState.QUEUED)
    if failed_since is None:
        ended = ended.filter(id__in=delivery_ids)
    else:
        ended = ended.filter(state=HookState.FAILED, created_at__gte=failed_since)
    with atomic():
        chosen = list(ended.select_for_update().order_by("id")[:MAX_REPLAYED])
        for delivery in chosen:
            requeue(delivery, due_at=now(), tries=0)
        audit("webhook.replay", row, deliveries=str(len(chosen)))
    return len(chosen)


def requeue(delivery: HookDelivery, *, due_at: datetime, **changes: Any) -> None:
    """Back into the queue, with a job of its own. Inside ``atomic()``."""
    advance(delivery, HookState.QUEUED, due_at=due_at, **changes)
    enqueue(context="notifications", kind=HOOK_KIND, subject_id=delivery.id, queue="bulk", run_after=due_at)


def hook_gave_up(delivery_id: UUID) -> None:
    """After the last try of a job that broke."""
    with atomic():
        waiting = HookDelivery.objects.filter(id=delivery_id, state=HookState.QUEUED)
        advance_all(waiting, HookState.FAILED, answer="job_dead")


def _outgoing(event: Event, event_id: UUID, correlation_id: str) -> CloudEvent:
    return CloudEvent(
        topic=event.context,
        id=str(event_id),
        type=event.name,
        subject=str(event.aggregate_id),
        time=instant_of(event_id),
        correlation_id=correlation_id,
        data=leaving(event.name, event.payload()),
    )


def _queue(webhook_id: UUID, event: CloudEvent) -> HookDelivery | None:
    document = event.attributes() | {"datacontenttype": "application/json", "data": event.data}
    delivery, made = HookDelivery.objects.get_or_create(
        webhook_id=webhook_id, event_id=UUID(event.id), defaults={"name": event.type, "document": document}
    )
    if not made:
        return None
    enqueue(context="notifications", kind=HOOK_KIND, subject_id=delivery.id, queue="bulk")
    return delivery
