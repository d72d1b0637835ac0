"""What webhooks hand out: frozen, plain, without secrets."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from notifications.models import HookDelivery, Webhook


@dataclass(frozen=True, kw_only=True)
class WebhookDTO:
    """One webhook. ``off_reason``: staff, failing (for five days), gone (the receiver said so)."""

    id: UUID
    url: str
    name: str
    events: tuple[str, ...]
    version: int
    created_at: datetime
    failing_since: datetime | None
    off_at: datetime | None
    off_reason: str


@dataclass(frozen=True, kw_only=True)
class NewWebhook:
    """A webhook with the secret that signs from now on, which is shown this once."""

    webhook: WebhookDTO
    secret: str


@dataclass(frozen=True, kw_only=True)
class HookDeliveryDTO:
    """One event on its way to a webhook; ``answer`` is the last status or fault (http_500, timeout)."""

    id: UUID
    event_id: UUID
    name: str
    state: str
    tries: int
    due_at: datetime
    answer: str
    created_at: datetime
    delivered_at: datetime | None


def webhook_dto(row: Webhook) -> WebhookDTO:
    """As others see it."""
    return WebhookDTO(
        id=row.id,
        url=row.url,
        name=row.name,
        events=tuple(row.events),
        version=row.version,
        created_at=row.created_at,
        failing_since=row.failing_since,
        off_at=row.off_at,
        off_reason=row.off_reason,
    )


def delivery_dto(row: HookDelivery) -> HookDeliveryDTO:
    """As others see it."""
    return HookDeliveryDTO(
        id=row.id,
        event_id=row.event_id,
        name=row.name,
        state=row.state,
        tries=row.tries,
        due_at=row.due_at,
        answer=row.answer,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )
