"""Reviews and figures, computed from what events told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.errors import Conflict, Forbidden, NotFound
from professionals import services
from professionals.models import Professional
from tests.factories import make_patient, make_person
from tests.professionals.crowd import crowd

pytestmark = pytest.mark.django_db


def follow(user_id: UUID, patient_id: UUID, days: float, *later: str) -> UUID:
    """A case that was accepted, and signed ``days`` later."""
    case_id, start = uuid4(), clock.now()
    for transition in (Transition.ACCEPT_OFFER, *later, Transition.SIGN):
        at = start + timedelta(days=days) if transition == Transition.SIGN else start
        services.follow_case(case_id=case_id, patient_id=patient_id, user_id=user_id, transition=transition, at=at)
    return case_id


def close(case_id: UUID, patient_id: UUID) -> None:
    services.follow_case(
        case_id=case_id, patient_id=patient_id, user_id=None, transition=Transition.CLOSE, at=clock.now()
    )


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
    assert shown == services.ReviewDTO(score=5, statements=("thorough",), month=f"{clock.now():%Y-%m}")


def test_figures_come_from_events_and_what_is_not_known_is_said_to_be_unknown(verified: Any) -> None:
    profile, principal = verified()
    other, stranger = verified()
    patient = make_patient().require_user_id()
    before = services.get_statistics(principal=principal, professional_id=profile.id)
    assert (before["computed_at"], before["turnaround_days"]) == (None, None)
    first = follow(profile.user_id, patient, 2, Transition.REQUEST_CHANGES, Transition.APPROVE_OPINION)
    second = follow(profile.user_id, patient, 4, Transition.AMEND_IN_FOLLOW_UP)
    sign(first, patient, "agree", 80)
    sign(second, patient, "insufficient_information", 60)
    services.note_rating(case_id=second, score=4)
    services.compute_statistics()
    figures = services.get_statistics(principal=principal, professional_id=profile.id)
    told = (
        "signed",
        "turnaround_days",
        "peer_agreement",
        "amendments",
        "agreement_rate",
        "agreements",
        "service_score",
    )
    assert {name: figures[name] for name in told} == {
        "signed": 2, "turnaround_days": 3.0, "peer_agreement": 0.5, "amendments": 1, "agreement_rate": 1.0,
        "agreements": 1, "service_score": 4.0,
    }  # fmt: skip
    assert (figures["brier"], figures["outcomes"], figures["calibration"]) == (None, 0, [])
    assert Professional.objects.get(id=profile.id).turnaround_days == 3.0
    assert Professional.objects.get(id=other.id).turnaround_days is None
    with pytest.raises(NotFound):
        services.get_statistics(principal=stranger, professional_id=profile.id)


def sign(case_id: UUID, patient_id: UUID, agreement: str, confidence: int) -> None:
    services.note_signature(
        case_id=case_id, patient_id=patient_id, diagnosis_agreement=agreement, treatment_agreement="agree",
        confidence=confidence,
    )  # fmt: skip


def tell(case_id: UUID, patient_id: UUID, day: int, held: str) -> None:
    services.note_outcome(case_id=case_id, patient_id=patient_id, day=day, held=held)


def test_calibration_takes_the_forecast_before_the_outcome_and_the_latest_outcome(verified: Any) -> None:
    profile, principal = verified()
    patient = make_patient().require_user_id()
    sure, unsure, unknown = (follow(profile.user_id, patient, 1) for _ in range(3))
    sign(sure, patient, "agree", 90)
    sign(unsure, patient, "refined", 60)
    sign(unknown, patient, "agree", 100)
    tell(sure, patient, 30, "CONFIRMED")
    tell(unsure, patient, 90, "CHANGED")
    tell(unsure, patient, 30, "CONFIRMED")
    tell(unknown, patient, 30, "UNKNOWN")
    sign(unsure, patient, "major_disagreement", 0)
    services.compute_statistics()
    figures = services.get_statistics(principal=principal, professional_id=profile.id)
    assert (figures["outcomes"], figures["brier"]) == (2, round((0.1**2 + 0.6**2) / 2, 4))
    assert figures["calibration"] == [
        {"stated": 0.6, "held": 0, "count": 1},
        {"stated": 0.9, "held": 1, "count": 1},
    ]


def test_figures_are_shown_when_enough_cases_the_specialist_and_a_second_person_agree(
    verified: Any, settings: Any
) -> None:
    settings.STATISTICS_MIN_CASES = 3
    profile, principal = verified()
    patient = make_patient().require_user_id()
    cases = [follow(profile.user_id, patient, 2) for _ in range(2)]
    services.compute_statistics()
    with pytest.raises(Conflict) as few:
        services.propose_figures(principal=principal)
    assert few.value.code == "too_few_cases"
    cases.append(follow(profile.user_id, patient, 2))
    services.note_rating(case_id=cases[0], score=5)
    services.compute_statistics()
    proposed = services.propose_figures(principal=principal)
    assert proposed.figures == {"signed": 3, "turnaround_days": 2.0, "amendment_rate": 0.0}
    director = make_person("medical_director")
    assert services.public_figures(professional_id=profile.id) == services.PublicFigures(published_at=None, figures={})
    for wrong in (principal, make_person("coordinator")):
        with pytest.raises(Forbidden):
            services.decide_figures(principal=wrong, professional_id=profile.id, publish=True)
    services.decide_figures(principal=director, professional_id=profile.id, publish=True)
    with pytest.raises(Conflict):
        services.decide_figures(principal=director, professional_id=profile.id, publish=True)
    follow(profile.user_id, patient, 9)
    services.compute_statistics()
    assert services.public_figures(professional_id=profile.id).figures["signed"] == 3
    services.withdraw_figures(principal=principal)
    assert services.public_figures(professional_id=profile.id) == services.PublicFigures(published_at=None, figures={})
    with pytest.raises(Conflict):
        services.withdraw_figures(principal=principal)


def test_nobody_lets_their_own_figures_through(verified: Any, settings: Any) -> None:
    settings.STATISTICS_MIN_CASES = 1
    profile, principal = verified()
    follow(profile.user_id, make_patient().require_user_id(), 1)
    services.compute_statistics()
    services.propose_figures(principal=principal)
    both = replace(principal, roles=frozenset({"professional", "medical_director"}))
    with pytest.raises(Forbidden, match="Another person"):
        services.decide_figures(principal=both, professional_id=profile.id, publish=True)


def test_figures_of_many_take_as_many_statements_as_of_one(verified: Any, django_assert_num_queries: Any) -> None:
    crowd(3)
    with django_assert_num_queries(6, using="professionals"):
        services.compute_statistics()
    crowd(40, seed=9)
    with django_assert_num_queries(6, using="professionals"):
        services.compute_statistics()
