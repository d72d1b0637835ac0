"""PUBLIC: what notifications tells the others."""

from dataclasses import dataclass
from uuid import UUID

from config.kernel.events import Event, event


@event("notifications.delivery.failed.v1")
@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Event):
    """A mail could not be delivered; ``aggregate_id`` is the user's id."""

    delivery_id: UUID


@event("notifications.erasure.completed.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """What this context held of the user (``aggregate_id``) is taken out."""


@event("notifications.person.unreachable.v1")
@dataclass(frozen=True, kw_only=True)
class PersonUnreachable(Event):
    """For a day no channel led the user (``aggregate_id``) to a notice that must be read; staff is asked to call."""

    notice_id: UUID


@event("notifications.records_mail.failed.v1")
@dataclass(frozen=True, kw_only=True)
class RecordsMailFailed(Event):
    """A mail that asks for records could not be delivered; ``aggregate_id`` is the request's id."""


@event("notifications.webhook.switched_off.v1")
@dataclass(frozen=True, kw_only=True)
class WebhookSwitchedOff(Event):
    """The webhook (``aggregate_id``) is told nothing any more: its receiver failed for five days, or is gone."""
