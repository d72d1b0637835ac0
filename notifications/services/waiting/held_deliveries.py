"""Deliveries whose time has come: they are queued again, and when they are sent it is decided anew."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from config.kernel.db.states import advance_all
from config.kernel.jobs import JobRun
from notifications.db import atomic, now
from notifications.domain.deciding import Reason
from notifications.domain.delivery_reports import Happening
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery
from notifications.services.delivery_events import record_all
from notifications.services.sending.queue import queue_deliveries

RELEASE_HELD = "notifications.release_held"
CHUNK = 500
# A run of one minute's job; what is left has its turn a minute later.
MAX_RELEASED = 10_000


def release_held(run: JobRun) -> None:
    """The job of each minute: what waited for an hour, a night's end or room goes on. Digests are built apart."""
    due = Q(not_before__lte=now()) & ~Q(reason=Reason.DIGEST)
    for _ in range(MAX_RELEASED // CHUNK):
        if _release(due) < CHUNK:
            return


def release_of_person(*, user_id: UUID) -> None:
    """Somebody chose anew: what waits by their former choice is decided by the new one. Inside ``atomic()``."""
    mine = Q(user_id=user_id, reason__in=(Reason.DIGEST, Reason.QUIET_HOURS))
    while _release(mine, not_before=None) == CHUNK:
        continue


def _release(which: Q, **changes: Any) -> int:
    """A chunk, in a transaction of its own; rows that somebody else has in hand are left to them."""
    with atomic():
        held = Delivery.objects.filter(which, state=DeliveryState.HELD).order_by("not_before")
        rows = list(held.select_for_update(skip_locked=True)[:CHUNK])
        advance_all(Delivery.objects.filter(id__in=[row.id for row in rows]), DeliveryState.QUEUED, **changes)
        record_all((row, Happening.QUEUED, row.reason) for row in rows)
        queue_deliveries(rows)
    return len(rows)
