"""What specialists did, as the events of cases tell it. Nothing here is told by a client."""

from datetime import datetime
from uuid import UUID

from cases.events import Transition
from professionals.db import atomic
from professionals.models import CaseWork

_HELD = {"CONFIRMED": True, "CHANGED": False}


def follow_case(*, case_id: UUID, patient_id: UUID, user_id: UUID | None, transition: Transition, at: datetime) -> None:
    """Take one step of a case into the copy."""
    with atomic():
        row = _row(case_id, patient_id)
        if transition == Transition.ACCEPT_OFFER:
            row.user_id, row.accepted_at, row.active = user_id, at, True
        elif transition == Transition.SIGN:
            row.user_id, row.signed_at, row.active = user_id or row.user_id, row.signed_at or at, False
        elif transition in (Transition.END_ASSIGNMENT, Transition.REPORT_MISSING_RECORD):
            row.user_id, row.accepted_at, row.active = None, None, False
        elif transition.stops_the_case:
            row.active = False
        elif transition in (Transition.CLOSE, Transition.REOPEN_FOLLOW_UP):
            row.closed = transition == Transition.CLOSE
        row.amendments += transition in (
            Transition.AMEND_IN_FOLLOW_UP,
            Transition.AMEND_DELIVERED,
            Transition.AMEND_CLOSED,
        )
        row.peer_agreed += transition == Transition.APPROVE_OPINION
        row.peer_asked_changes += transition == Transition.REQUEST_CHANGES
        row.save()


def note_signature(
    *, case_id: UUID, patient_id: UUID, diagnosis_agreement: str, treatment_agreement: str, confidence: int | None
) -> None:
    """Codes of the newest signed version; one that is signed after the outcome was told states no forecast any more."""
    with atomic():
        row = _row(case_id, patient_id)
        row.diagnosis_agreement, row.treatment_agreement = diagnosis_agreement, treatment_agreement
        row.confidence = confidence if row.held is None else row.confidence
        row.save()


def note_outcome(*, case_id: UUID, patient_id: UUID, day: int, held: str) -> None:
    """Whether the opinion held; of several answers the latest day's counts, and UNKNOWN changes nothing."""
    with atomic():
        row = _row(case_id, patient_id)
        if held in _HELD and (row.held_day is None or day >= row.held_day):
            row.held, row.held_day = _HELD[held], day
            row.save()


def note_rating(*, case_id: UUID, score: int) -> None:
    """The patient's rating of the service, 1 to 5; of a case that is not known here there is none to keep."""
    CaseWork.objects.filter(case_id=case_id).update(rating=score)


def _row(case_id: UUID, patient_id: UUID) -> CaseWork:
    """Locked, so that of two events of one case neither overwrites the other's word."""
    CaseWork.objects.get_or_create(case_id=case_id, defaults={"patient_id": patient_id})
    return CaseWork.objects.select_for_update().get(case_id=case_id)
