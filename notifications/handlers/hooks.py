"""Webhooks hear of every event; administrators hear of a webhook that was switched off."""

from typing import Any
from uuid import UUID

from config.kernel.events import Event, all_events, signal_for
from config.kernel.outbox import once
from notifications.events import WebhookSwitchedOff
from notifications.handlers.people import tell_role
from notifications.services.webhooks import queue_event


@once(WebhookSwitchedOff, context="notifications")
def webhook_switched_off(event: WebhookSwitchedOff) -> None:
    """Administrators look at it."""
    tell_role("administrator", "webhook_off")


def tell_webhooks(*, event: Event, event_id: UUID, correlation_id: str = "", **_: Any) -> None:
    """Every event, for whoever is told of it outside; without ``@once``, since a delivery is made once by itself."""
    queue_event(event=event, event_id=event_id, correlation_id=correlation_id)


def connect() -> None:
    """Hear every event that there is, once all contexts have named theirs."""
    for name in all_events():
        signal_for(name).connect(tell_webhooks, dispatch_uid=f"{__name__}.tell_webhooks", weak=False)
