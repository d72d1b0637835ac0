"""What professionals hears from identity."""

from typing import Any

from config.kernel.outbox import once, publish
from config.kernel.privacy.erasing import erase_rows
from identity.events import ErasureRequested
from professionals.db import now
from professionals.events import ErasureCompleted
from professionals.services.quality import follow_case


@once(ErasureRequested, context="professionals")
def person_erased(event: ErasureRequested) -> None:
    """Take out what this context holds of them, and say so; asked again, it finds nothing and says so again."""
    erase_rows("professionals", event.aggregate_id)
    publish(ErasureCompleted(aggregate_id=event.aggregate_id))


@once("cases.case.status_changed.v1", context="professionals")
def case_moved(event: Any) -> None:
    """Cases stand above: their events are known by name only. What somebody worked on, and how it went."""
    follow_case(
        case_id=event.aggregate_id,
        patient_id=event.patient_id,
        user_id=event.assigned_user_id,
        transition=event.transition,
        at=event.moved_at or now(),
    )
