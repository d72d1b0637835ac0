"""Whoever works on a case, or steers it, is told when it is their turn, and when it is theirs no more."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock
from uuid import uuid4

import pytest

from analysis.events import FindingsChanged, RunCompleted
from cases.events import (
    AssignmentEnded,
    AssignmentStopped,
    CaseLiesStill,
    CaseStatusChanged,
    ClarificationAsked,
    OfferMade,
    PromiseRunsOut,
    ReportDoubted,
    ReviewAwaited,
)
from cases.services import opinion
from cases.services.workflow import State, Transition
from config.kernel import clock
from config.kernel.due_work import drain
from identity import services as identity
from notifications.models import Notice
from professionals import services as professionals
from professionals.events import LicenceExpiring, LicenceWithdrawn
from tests.cases.support import Story, by, make_specialist, profile_id
from tests.factories import make_person
from tests.notifications.support import deliver, kinds_of

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
WHO, CASE, OTHER, PATIENT = uuid4(), uuid4(), uuid4(), uuid4()


def moved(transition, to, *, actor=OTHER, author=WHO, before=State.IN_REVIEW):
    return CaseStatusChanged(
        aggregate_id=CASE,
        patient_id=PATIENT,
        transition=transition,
        from_state=before,
        to_state=to,
        actor_id=actor,
        assigned_user_id=author,
    )


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (moved(Transition.REQUEST_CHANGES, State.IN_REVIEW), "opinion_returned"),
        (moved(Transition.SEND_BACK, State.IN_REVIEW), "opinion_returned"),
        (moved(Transition.AMEND_DELIVERED, State.AMENDING), "opinion_returned"),
        (moved(Transition.APPROVE_OPINION, State.READY_TO_SIGN), "opinion_approved"),
        (moved(Transition.UPHOLD_OPINION, State.READY_TO_SIGN), "opinion_approved"),
        (AssignmentEnded(aggregate_id=CASE, user_id=WHO, actor_id=OTHER), "assignment_ended"),
        (AssignmentEnded(aggregate_id=CASE, user_id=WHO, actor_id=None, stopped=True), "assignment_ended"),
        (AssignmentStopped(aggregate_id=CASE, user_id=WHO, rule_id="R1"), "assignment_stopped"),
        (ReviewAwaited(aggregate_id=CASE, user_id=WHO), "review_awaited"),
        (LicenceWithdrawn(aggregate_id=OTHER, user_id=WHO), "licence_withdrawn"),
    ],
    ids=lambda value: getattr(value, "transition", None) or getattr(value, "name", None) or str(value),
)
def test_who_is_concerned_hears_of_it_once(event, kind):
    assert deliver(event, times=3) == []
    assert kinds_of(WHO) == [kind]
    # What goes back and forth between specialists is no news to the patient.
    assert kinds_of(PATIENT) == []


@pytest.mark.parametrize(
    "event",
    [
        moved(Transition.VOID_APPROVAL, State.IN_REVIEW, actor=WHO),
        moved(Transition.AMEND_DELIVERED, State.AMENDING, actor=WHO),
        moved(Transition.SUBMIT_TO_PEER, State.PEER_REVIEW, actor=WHO),
        AssignmentEnded(aggregate_id=CASE, user_id=WHO, actor_id=WHO),
        # Why it ended is told by another event.
        AssignmentEnded(aggregate_id=CASE, user_id=WHO, actor_id=None),
    ],
    ids=lambda event: f"{getattr(event, 'transition', event.name)}",
)
def test_nobody_is_told_what_they_did_themselves(event):
    assert deliver(event) == []
    assert not Notice.objects.exists()


def test_those_who_steer_hear_of_a_case_without_its_specialist_and_of_a_dissent():
    coordinator, director = make_person("coordinator"), make_person("medical_director")
    deliver(AssignmentStopped(aggregate_id=CASE, user_id=WHO, rule_id="R1"))
    deliver(moved(Transition.ESCALATE_DISSENT, State.ADJUDICATION))
    deliver(ReportDoubted(aggregate_id=CASE, recheck_id=OTHER, patient_id=PATIENT))
    assert kinds_of(coordinator.user_id) == ["case_needs_specialist"]
    assert kinds_of(director.user_id) == ["dissent_to_decide", "report_doubted"]


def test_what_a_newer_reading_changed_is_told_to_whoever_has_the_case_and_an_analysis_anew_is_not():
    counts = dict.fromkeys(("new", "changed", "vanished", "asked", "critical"), 1)
    run = {"aggregate_id": CASE, "document_id": OTHER, "patient_id": PATIENT, "run_id": OTHER}
    with mock.patch("cases.services.casefile.case_access", return_value=SimpleNamespace(assigned_user_id=WHO)):
        deliver(RunCompleted(**run, outcome="COMPLETED", findings=3, again=True))
        deliver(FindingsChanged(**run, **counts))
        deliver(FindingsChanged(**run, **counts))
    assert kinds_of(WHO) == ["findings_changed"]


@pytest.mark.parametrize(("assigned", "told"), [(WHO, ["question_ended"]), (None, [])])
def test_a_question_that_ends_without_an_answer_is_told_to_whoever_still_has_the_case(assigned, told):
    with mock.patch("cases.services.casefile.case_access", return_value=SimpleNamespace(assigned_user_id=assigned)):
        deliver(moved(Transition.SETTLE_CLARIFICATION, State.IN_REVIEW, actor=None))
    assert kinds_of(WHO) == told


@pytest.mark.parametrize(
    ("before", "to", "told"),
    [
        (State.COLLECTING_RECORDS, State.EXPIRED, ["case_expired"]),
        (State.TRIAGE, State.ENTERED_IN_ERROR, ["case_closed"]),
        (State.DELIVERED, State.ENTERED_IN_ERROR, ["report_withdrawn"]),
        (State.CLOSED, State.ENTERED_IN_ERROR, ["report_withdrawn"]),
        (State.CANCELLED, State.ENTERED_IN_ERROR, []),
    ],
)
def test_a_patient_hears_how_their_case_ended(before, to, told):
    deliver(moved(Transition.ENTERED_IN_ERROR_TRIAGE, to, before=before, author=None))
    assert kinds_of(PATIENT) == told


def test_by_when_stands_in_the_notice():
    at = clock.now()
    for event in (
        OfferMade(aggregate_id=CASE, offer_id=OTHER, user_id=WHO, expires_at=at),
        ClarificationAsked(aggregate_id=CASE, clarification_id=OTHER, patient_id=WHO, due_at=at),
        ClarificationAsked(aggregate_id=CASE, clarification_id=OTHER, patient_id=WHO),
        CaseLiesStill(aggregate_id=CASE, patient_id=WHO, number=1, ends_at=at),
        PromiseRunsOut(aggregate_id=CASE, percent=80, role="", user_id=WHO, promised_at=at),
        LicenceExpiring(aggregate_id=OTHER, user_id=WHO, days=30),
    ):
        deliver(event)
    due = {"due": at.isoformat()}
    values = [notice.values for notice in Notice.objects.filter(user_id=WHO).order_by("sequence")]
    assert values == [due, due, {}, {"day": at.date().isoformat()}, due, {"days": 30}]


class TestWholeWay:
    def test_a_suspended_specialist_and_the_coordinators_hear_of_the_case_that_stops(self):
        coordinator, story = make_person("coordinator"), Story().in_review()
        drain()
        who = story.author.require_user_id()
        director = make_person("medical_director")
        with by(director):
            professionals.suspend(
                principal=director, professional_id=profile_id(story.author), reason="a register says so"
            )
        drain()
        assert set(kinds_of(who)[-2:]) == {"credentials_suspended", "assignment_stopped"}
        assert kinds_of(coordinator.user_id) == ["case_needs_specialist"]

    def test_a_specialist_whose_case_is_taken_away_or_cancelled_hears_of_it(self):
        story, other = Story().in_review(), Story().in_review()
        drain()
        coordinator = make_person("coordinator")
        story.move(coordinator, State.MATCHING, reason="somebody else")
        other.move(other.patient, State.CANCELLED, reason="no longer wanted")
        drain()
        for one in (story, other):
            assert kinds_of(one.author.user_id)[-1:] == ["assignment_ended"]

    def test_a_reviewer_is_asked_when_named_and_for_each_further_version(self, settings):
        settings.PEER_REVIEWED_SERVICES = ("records",)
        story, peer, coordinator = Story(), make_specialist(), make_person("coordinator")
        story.finished()
        with by(coordinator):
            opinion.assign_peer(principal=coordinator, case_id=story.id, professional_id=profile_id(peer))
        with by(peer):
            opinion.review_opinion(principal=peer, case_id=story.id, verdict="changes", remarks="Say why.")
        drain()
        assert kinds_of(peer.user_id).count("review_awaited") == 1
        assert kinds_of(story.author.user_id)[-1:] == ["opinion_returned"]
        story.submit()
        drain()
        assert kinds_of(peer.user_id).count("review_awaited") == 2
        # The patient was told of a specialist once.
        assert kinds_of(identity.person_now(user_id=story.patient.require_user_id())).count("specialist_found") == 1
