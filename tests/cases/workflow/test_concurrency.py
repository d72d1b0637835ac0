"""Many at once, on real connections: one winner, nothing lost, nothing doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from cases.models import Assignment, Case, Offer, StatusHistory
from cases.services import assignment, opinion
from cases.services.workflow import Transition
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, DomainError
from tests.cases.support import CLEAR, Story, by, make_specialist, profile_id
from tests.factories import make_patient
from tests.factories.cases import AssignmentFactory, OfferFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run all calls at the same instant; their answers, or the refusals they raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=300)
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def accept(story: Story, specialist: Principal) -> Any:
    with by(specialist):
        return assignment.accept_offer(principal=specialist, case_id=story.id, coi_attestation=CLEAR)


def test_twenty_who_accept_one_case_at_once_have_one_winner() -> None:
    story = Story().in_matching()
    specialists = [make_specialist() for _ in range(20)]
    for specialist in specialists:
        story.offered(specialist)
    answers = at_once([lambda s=specialist: accept(story, s) for specialist in specialists])
    assert [a for a in answers if a == "IN_REVIEW"] == ["IN_REVIEW"]
    assert all(isinstance(a, DomainError) for a in answers if a != "IN_REVIEW")
    assert Assignment.objects.filter(case=story.id).count() == 1
    assert Offer.objects.filter(case=story.id, state="ACCEPTED").count() == 1
    assert Offer.objects.filter(case=story.id, state="OFFERED").count() == 0
    assert StatusHistory.objects.filter(case=story.id, transition=Transition.ACCEPT_OFFER).count() == 1
    winner = specialists[answers.index("IN_REVIEW")]
    assert Case.objects.get(id=story.id).assigned_user_id == winner.user_id


@pytest.mark.slow
def test_twenty_specialists_at_thirty_offers_each_leave_thirty_assignments() -> None:
    patient = make_patient()
    stories = [Story(patient).in_matching() for _ in range(30)]
    specialists = [make_specialist() for _ in range(20)]
    Offer.objects.bulk_create(
        OfferFactory.build(
            case_id=story.id, professional_id=profile_id(specialist), user_id=specialist.user_id, offered_by=story.id
        )
        for story in stories
        for specialist in specialists
    )

    def accept_all(number: int) -> list[str]:
        """Each begins with another case, and tries them all."""
        taken = []
        for story in stories[number:] + stories[:number]:
            try:
                taken.append(accept(story, specialists[number]))
            except DomainError:
                continue
        return taken

    answers = at_once([lambda n=number: accept_all(n) for number in range(20)])
    assert sum(len(taken) for taken in answers) == 30
    assert Assignment.objects.filter(state="ACTIVE").count() == 30
    assert Assignment.objects.values("case_id").distinct().count() == 30
    assert StatusHistory.objects.filter(transition=Transition.ACCEPT_OFFER).count() == 30
    assert Offer.objects.filter(state="ACCEPTED").count() == 30
    assert not Offer.objects.filter(state="OFFERED").exists()


def test_one_who_accepts_the_same_offer_ten_times_has_it_once() -> None:
    story = Story().offered()
    answers = at_once([lambda: accept(story, story.author) for _ in range(10)])
    assert answers.count("IN_REVIEW") == 1
    assert Assignment.objects.filter(case=story.id).count() == 1


def test_one_who_accepts_many_cases_at_once_stays_below_the_cap() -> None:
    specialist, patient = make_specialist(), make_patient()
    stories = [Story(patient).offered(specialist) for _ in range(8)]
    from professionals import services as professionals

    profile = professionals.get_by_user(user_id=specialist.user_id)
    at_once([lambda s=story: accept(s, specialist) for story in stories])
    assert Assignment.objects.filter(user_id=specialist.user_id).count() == min(8, profile.capacity)


def test_two_movers_of_one_case_leave_one_step() -> None:
    story = Story().submitted()

    def cancel() -> Any:
        return story.move(story.patient, "CANCELLED", reason="Changed my mind.")

    answers = at_once([cancel] * 6)
    assert answers.count("CANCELLED") == 1
    assert all(isinstance(a, Conflict) for a in answers if a != "CANCELLED")
    assert StatusHistory.objects.filter(case=story.id, target="CANCELLED").count() == 1


def test_two_first_reads_at_once_leave_one() -> None:
    story = Story().in_review()

    def seal(text: str) -> Any:
        with by(story.author):
            return opinion.seal_first_read(principal=story.author, case_id=story.id, impression=text, confidence=50)

    answers = at_once([lambda t=text: seal(t) for text in ("one", "two", "three")])
    assert answers.count(None) == 1


def test_the_database_itself_refuses_a_second_active_assignment() -> None:
    from django.db import IntegrityError

    story = Story().in_review()
    with pytest.raises(IntegrityError):
        AssignmentFactory(case_id=story.id)
