"""Cases that lie still: the reminders that come before they end by themselves."""

from uuid import UUID

from cases.db import atomic, now
from cases.domain.workflow.reminders import IDLE_AFTER, earliest_end, idle_reminder_due
from cases.events import CaseLiesStill
from cases.models import Case, IdleReminder
from cases.queries.idle_cases import RESTING, reminders_of, still_since
from cases.services.workflow.automatic_moves import advance
from config.kernel.errors import Conflict
from config.kernel.outbox import publish


def tend_idle_cases() -> int:
    """Remind patients of cases that wait for them, and end those that lay still in spite of it; how many were told."""
    told, last = 0, None
    while chunk := _resting_after(last):
        for case_id in chunk:
            told += _remind(case_id)
            try:
                advance(case_id=case_id)
            except Conflict:
                # Somebody moved it between our look and our lock: their step stands.
                continue
        last = chunk[-1]
    return told


def _resting_after(last: UUID | None) -> list[UUID]:
    resting = Case.objects.filter(state__in=RESTING, state_since__lte=now() - IDLE_AFTER[0], held_by=None)
    later = resting.filter(id__gt=last) if last else resting
    return list(later.order_by("id").values_list("id", flat=True)[:500])


def _remind(case_id: UUID) -> bool:
    with atomic():
        case = Case.objects.select_for_update().filter(id=case_id, state__in=RESTING).first()
        if case is None:
            return False
        since = still_since(case)
        number = idle_reminder_due(since, reminders_of(case, since), now())
        if number is None:
            return False
        IdleReminder.objects.create(case=case, number=number, still_since=since)
        ends_at = earliest_end(since, number, now())
        publish(CaseLiesStill(aggregate_id=case.id, patient_id=case.patient_id, number=number, ends_at=ends_at))
    return True
