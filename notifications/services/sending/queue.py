"""Jobs that send: one for each delivery that is due, by its channel."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from config.kernel.jobs import enqueue
from notifications.db import now
from notifications.domain.categories import ChannelName
from notifications.models import Delivery

JOB_OF: Final = {
    ChannelName.EMAIL: "notifications.send_email",
    ChannelName.SMS: "notifications.send_sms",
    ChannelName.PUSH: "notifications.send_push",
}
_AT_ONCE: Final = timedelta()


def queue_deliveries(deliveries: Iterable[Delivery], *, urgent: bool = False) -> None:
    """Queue the first try of each; call it inside ``atomic()``. What somebody waits for goes first (``urgent``)."""
    for delivery in deliveries:
        queue_delivery(delivery, urgent=urgent)


def queue_delivery(
    delivery: Delivery, *, urgent: bool = False, key: str | None = None, pause: timedelta = _AT_ONCE
) -> None:
    """Queue one try, after a pause; call it inside ``atomic()``."""
    enqueue(
        context="notifications",
        kind=JOB_OF[ChannelName(delivery.channel)],
        subject_id=delivery.id,
        queue="interactive" if urgent else "bulk",
        run_after=now() + pause if pause else None,
        key=key,
    )
