"""What professionals hears from identity."""

from typing import Any

from config.kernel.outbox import once, publish
from config.kernel.privacy.erasure import erase_rows
from identity.events import ErasureRequested
from professionals.db import now
from professionals.events import ErasureCompleted
from professionals.services.case_work import follow_case, note_outcome, note_rating, note_signature


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


@once("cases.opinion.signed.v1", context="professionals")
def opinion_signed(event: Any) -> None:
    """How far its author agreed, and how sure they were."""
    note_signature(
        case_id=event.aggregate_id,
        patient_id=event.patient_id,
        diagnosis_agreement=event.diagnosis_agreement,
        treatment_agreement=event.treatment_agreement,
        confidence=event.confidence,
    )


@once("cases.outcome.told.v1", context="professionals")
def outcome_told(event: Any) -> None:
    """Whether later findings confirmed the opinion."""
    note_outcome(case_id=event.aggregate_id, patient_id=event.patient_id, day=event.day, held=event.held)


@once("cases.rating.given.v1", context="professionals")
def rating_given(event: Any) -> None:
    """How the patient found the service."""
    note_rating(case_id=event.aggregate_id, score=event.score)
