"""Who may not have a case never gets it: not offered, not accepted, not signed, by whatever way."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.models import Assignment, Offer
from cases.services import assignment, workflow
from cases.services import opinion as opinion_service
from cases.services.assignment.eligibility_rechecks import recheck_all
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict
from professionals import services as professionals
from professionals.models import Affiliation, CaseWork, Licence, Professional
from tests.cases.support import CLEAR, OPINION, Story, by, make_specialist, profile_id
from tests.factories import make_person

pytestmark = pytest.mark.django_db
INVOLVED = [
    {"role": "referrer", "name": "Dr Referrer"},
    {"role": "payer", "name": "Northern Sickness Fund"},
    {"role": "facility", "name": "Imaging West Ltd"},
    {"role": "therapy_maker", "name": "Valve Makers Inc."},
    {"role": "clinician", "name": "Dr Earlier", "organisation": "Hill Hospital"},
]


def declare(specialist: Any, **link: Any) -> None:
    professionals.declare_affiliation(
        principal=specialist, professional_id=profile_id(specialist), **({"kind": "employer"} | link)
    )


def lapse(specialist: Any) -> None:
    Licence.objects.filter(professional_id=profile_id(specialist)).update(valid_to=clock.now().date() - timedelta(1))


def suspend(specialist: Any) -> None:
    director = make_person("medical_director")
    professionals.suspend(principal=director, professional_id=profile_id(specialist), reason="a complaint")


def full(specialist: Any) -> None:
    Story().in_review(specialist)
    Professional.objects.filter(id=profile_id(specialist)).update(capacity=1)


def moved_away(specialist: Any) -> None:
    Licence.objects.filter(professional_id=profile_id(specialist)).update(place="FR")


def conflicted(specialist: Any) -> None:
    declare(specialist, kind="maker", organisation="Valve Makers")


def written_by(story: Story, specialist: Any) -> opinion_service.OpinionDTO:
    story.in_review(specialist)
    with by(specialist):
        opinion_service.seal_first_read(principal=specialist, case_id=story.id, impression="Severe.", confidence=70)
        opinion_service.save_draft(principal=specialist, case_id=story.id, content=OPINION)
    return story.submit()


FAULTS = {
    "licence lapsed": (lapse, "not valid today"),
    "suspended": (suspend, "suspended"),
    "licence elsewhere": (moved_away, "no licence for DE"),
    "conflict": (conflicted, "therapy maker"),
    "full": (full, "open cases"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_with_a_fault_nobody_is_offered_a_case_and_the_reason_is_named(fault: str) -> None:
    specialist, (spoil, told) = make_specialist(), FAULTS[fault]
    spoil(specialist)
    story = Story(involved=INVOLVED).in_matching()
    coordinator = make_person("coordinator")
    with by(coordinator):
        matching = assignment.candidates(principal=coordinator, case_id=story.id)
        assert not matching.candidates
        (why,) = (e.reason for e in matching.excluded if e.professional_id == profile_id(specialist))
        assert told in why
        with pytest.raises(Conflict, match=told):
            assignment.offer_case(principal=coordinator, case_id=story.id, professional_id=profile_id(specialist))


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_with_a_fault_that_came_after_the_offer_nobody_accepts(fault: str) -> None:
    specialist, (spoil, told) = make_specialist(), FAULTS[fault]
    story = Story(involved=INVOLVED).offered(specialist)
    spoil(specialist)
    with by(specialist), pytest.raises(Conflict, match=told):
        assignment.accept_offer(principal=specialist, case_id=story.id, coi_attestation=CLEAR)
    assert story.state == "MATCHING"


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"full"}))
def test_with_a_fault_that_came_after_the_work_nobody_signs(fault: str) -> None:
    specialist, (spoil, told) = make_specialist(), FAULTS[fault]
    story = Story(involved=INVOLVED)
    opinion = written_by(story, specialist)
    spoil(specialist)
    with pytest.raises(Conflict, match=told):
        story.sign(opinion.content_hash)
    assert story.state == "READY_TO_SIGN"


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"organisation": "VALLEY HOSPITAL"}, "treating clinician"),
        ({"kind": "referrer", "person": "dr  referrer"}, "referrer"),
        ({"kind": "payer", "organisation": "Northern Sickness Fund AG"}, "payer"),
        ({"kind": "facility", "organisation": "Imaging West"}, "facility"),
        ({"kind": "co_authorship", "person": "Dr. Earlier"}, "clinician"),
        ({"organisation": "HH", "other_names": ["Hill Hospital"]}, "clinician"),
    ],
)
def test_a_declared_link_to_any_party_excludes_with_the_path(link: dict[str, Any], told: str) -> None:
    specialist = make_specialist()
    declare(specialist, **link)
    assert told in why_not(specialist)


def test_two_links_away_is_still_too_near_and_three_are_not() -> None:
    near, middle, far = make_specialist(), make_specialist(), make_specialist()
    declare(middle, kind="employer", organisation="Hill Hospital")
    declare(near, kind="co_authorship", colleague_id=profile_id(middle))
    declare(far, kind="co_authorship", colleague_id=profile_id(near))
    assert "co authorship → Dr Specialist" in why_not(near)
    assert why_not(far) == ""


def why_not(specialist: Any) -> str:
    story = Story(involved=INVOLVED).in_matching()
    coordinator = make_person("coordinator")
    with by(coordinator):
        found = assignment.candidates(principal=coordinator, case_id=story.id)
    return next((e.reason for e in found.excluded if e.professional_id == profile_id(specialist)), "")


def test_an_authors_colleague_is_not_named_as_the_reviewer(settings: Any) -> None:
    settings.PEER_REVIEWED_SERVICES = ("records",)
    author, colleague = make_specialist(), make_specialist()
    for one in (author, colleague):
        declare(one, organisation="University of the North")
    story = Story()
    written_by(story, author)
    coordinator = make_person("coordinator")
    with by(coordinator), pytest.raises(Conflict, match="author of the opinion"):
        opinion_service.assign_peer(principal=coordinator, case_id=story.id, professional_id=profile_id(colleague))


def open_offer(story: Story) -> UUID | None:
    return Offer.objects.filter(case_id=story.id, state="OFFERED").values_list("professional_id", flat=True).first()


def test_a_suspension_ends_the_assignment_at_once_and_the_case_is_offered_to_the_next() -> None:
    first, second = make_specialist(), make_specialist()
    story = Story().in_review(first)
    suspend(first)
    drain("professionals", "cases")
    held = Assignment.objects.get(case_id=story.id)
    assert (story.state, held.state, story.row.assigned_user_id) == ("MATCHING", "REVOKED", None)
    assert "suspended" in held.end_reason
    assert open_offer(story) == profile_id(second)


def test_a_suspended_author_loses_a_case_that_is_ready_to_sign() -> None:
    story = Story()
    story.finished()
    suspend(story.author)
    drain("professionals", "cases")
    assert (story.state, story.row.assigned_user_id) == ("READY_TO_SIGN", None)
    assert Assignment.objects.get(case_id=story.id).state == "REVOKED"


def test_each_night_the_cases_of_those_no_longer_permitted_are_named_and_stopped() -> None:
    kept, lost = Story().in_review(make_specialist()), Story().in_review(make_specialist())
    lapse(lost.author)
    assert recheck_all() == (lost.id,)
    assert (kept.state, lost.state) == ("IN_REVIEW", "MATCHING")
    assert recheck_all() == ()


@pytest.mark.parametrize("end", ["declined", "expired"])
def test_an_offer_that_ends_is_followed_by_one_to_the_next_specialist_and_nobody_is_asked_twice(end: str) -> None:
    first, second = make_specialist(), make_specialist()
    story = Story().offered(first)
    if end == "declined":
        with by(first):
            assignment.decline_offer(principal=first, case_id=story.id)
    else:
        Offer.objects.filter(case_id=story.id).update(expires_at=clock.now() - timedelta(minutes=1))
        workflow.sweep()
    drain("cases")
    assert open_offer(story) == profile_id(second)
    with by(second):
        assignment.decline_offer(principal=second, case_id=story.id)
    drain("cases")
    assert open_offer(story) is None


def test_an_ended_affiliation_no_longer_counts() -> None:
    specialist = make_specialist()
    declare(specialist, organisation="Hill Hospital")
    link = Affiliation.objects.get()
    professionals.end_affiliation(
        principal=make_person("administrator"), professional_id=profile_id(specialist), affiliation_id=link.id
    )
    assert why_not(specialist) == ""


def test_what_a_specialist_did_is_told_to_the_figures_by_events() -> None:
    story = Story().signed()
    drain("cases")
    work = CaseWork.objects.get(case_id=story.id)
    assert (work.user_id, work.patient_id) == (story.author.user_id, story.patient.user_id)
    held = Assignment.objects.get(case_id=story.id)
    assert work.accepted_at is not None
    assert work.signed_at is not None
    assert abs(work.accepted_at - held.created_at) < timedelta(seconds=5)
    assert work.signed_at > work.accepted_at
