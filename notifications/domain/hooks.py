"""When a webhook is tried again, and when nobody tries any more."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class HookState(StrEnum):
    """Of one event for one webhook. FAILED: its tries are used up, or the webhook is off; staff may replay it."""

    QUEUED = "QUEUED"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


HOOK_DELIVERY: Final = StateMachine(
    HookState.QUEUED,
    {
        HookState.QUEUED: {HookState.QUEUED, HookState.DELIVERED, HookState.FAILED},
        HookState.DELIVERED: {HookState.QUEUED},
        HookState.FAILED: {HookState.QUEUED},
    },
)
# After the first try: from 5 s to 75 h after the event, as Standard Webhooks proposes.
PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# A receiver that does not answer is asked by one event now and then, whatever else waits for it.
MAX_REST: Final = timedelta(minutes=30)
OFF_AFTER: Final = timedelta(days=5)
# The former secret signs beside the new one for so long.
ROTATION: Final = timedelta(hours=24)
# Staff may have these told, and replay what is younger than its retention.
TEST_EVENT: Final = "notifications.webhook.tested.v1"
ALL_EVENTS: Final = "*"


def next_try(tries: int, now: datetime, share: float) -> datetime | None:
    """When to try again after ``tries`` failures, a little scattered (``share`` from 0 to 1); ``None``: never."""
    if tries > len(PAUSES):
        return None
    return now + PAUSES[tries - 1] * (1 + share / 10)


def rest(failures: int) -> timedelta:
    """How long a receiver is left alone after so many failures in a row."""
    return min(PAUSES[min(failures, len(PAUSES)) - 1], MAX_REST)
