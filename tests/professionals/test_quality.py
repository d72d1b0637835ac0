"""Reviews and figures, computed from what events told."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from config.kernel import clock
from config.kernel.errors import Conflict, Forbidden, NotFound
from professionals import services
from professionals.models import Professional
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


def follow(user_id: UUID, patient_id: UUID, days: float, *later: str) -> UUID:
    """A case that was accepted, and signed ``days`` later."""
    case_id, start = uuid4(), clock.now()
    for transition in ("T08", *later, "T21"):
        at = start + timedelta(days=days) if transition == "T21" else start
        services.follow_case(case_id=case_id, patient_id=patient_id, user_id=user_id, transition=transition, at=at)
    return case_id


def close(case_id: UUID, patient_id: UUID) -> None:
    services.follow_case(case_id=case_id, patient_id=patient_id, user_id=None, transition="T25", at=clock.now())


def test_a_patient_reviews_an_own_closed_case_once_and_it_is_shown_without_a_name_when_staff_agreed(
    verified: Any,
) -> None:
    profile, _ = verified()
    patient = make_patient()
    owner = patient.require_user_id()
    case_id = follow(profile.user_id, owner, 2)
    with pytest.raises(Conflict, match="closed"):
        services.give_review(principal=patient, case_id=case_id, score=5)
    close(case_id, owner)
    with pytest.raises(NotFound):
        services.give_review(principal=make_patient(), case_id=case_id, score=1)
    review = services.give_review(principal=patient, case_id=case_id, score=5, statements=["thorough"])
    with pytest.raises(Conflict, match="already"):
        services.give_review(principal=patient, case_id=case_id, score=1)
    assert services.list_reviews(professional_id=profile.id) == ()
    with pytest.raises(Forbidden):
        services.moderate_review(principal=make_person("coordinator"), review_id=review, publish=True)
    services.moderate_review(principal=make_person("medical_director"), review_id=review, publish=True)
    (shown,) = services.list_reviews(professional_id=profile.id)
    assert shown == services.ReviewDTO(5, ("thorough",), f"{clock.now():%Y-%m}")


def test_figures_come_from_events_and_what_is_not_known_is_said_to_be_unknown(verified: Any) -> None:
    profile, principal = verified()
    other, stranger = verified()
    patient = make_patient().require_user_id()
    before = services.get_statistics(principal=principal, professional_id=profile.id)
    assert (before["computed_at"], before["turnaround_days"]) == (None, None)
    follow(profile.user_id, patient, 2, "T16", "T17")
    follow(profile.user_id, patient, 4, "T26")
    services.compute_statistics()
    figures = services.get_statistics(principal=principal, professional_id=profile.id)
    assert {name: figures[name] for name in ("signed", "turnaround_days", "peer_agreement", "amendments")} == {
        "signed": 2, "turnaround_days": 3.0, "peer_agreement": 0.5, "amendments": 1,
    }  # fmt: skip
    assert (figures["brier"], figures["service_score"]) == (None, None)
    assert Professional.objects.get(id=profile.id).turnaround_days == 3.0
    assert Professional.objects.get(id=other.id).turnaround_days is None
    with pytest.raises(NotFound):
        services.get_statistics(principal=stranger, professional_id=profile.id)
