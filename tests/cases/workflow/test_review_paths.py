"""Release, clarification, hold, incident: the ways beside the main path."""

from datetime import timedelta

import pytest

from cases.models import (
    Assignment,
    Case,
    Clarification,
    ClockInterval,
    Incident,
    Offer,
    StatusHistory,
)
from cases.services import assignment, casefile, opinion, workflow
from cases.services.workflow.idle_cases import tend_idle_cases
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, NotFound
from identity import services as identity
from tests.cases.support import CLEAR, Story, by, guard_of, make_specialist
from tests.factories import make_person, principal_for
from tests.observations import report_pdf

pytestmark = pytest.mark.django_db


class TestLettingGo:
    def test_a_specialist_who_releases_the_case_reads_it_no_more(self) -> None:
        story = Story().in_review()
        with pytest.raises(Conflict) as refusal:
            story.move(story.author, "MATCHING")
        assert guard_of(refusal) == "reason_given"
        story.move(story.author, "MATCHING", reason="Ill.")
        assert Assignment.objects.get(case=story.id).state == "RELEASED"
        with by(story.author), pytest.raises(NotFound):
            casefile.get_case(principal=story.author, case_id=story.id)

    def test_a_coordinator_revokes_and_another_specialist_takes_over(self) -> None:
        story = Story().in_review()
        first = story.author
        story.move(make_person("coordinator"), "MATCHING", reason="No answer for a week.")
        assert Assignment.objects.get(case=story.id).state == "REVOKED"
        story.in_review(make_specialist())
        assert story.row.assigned_user_id == story.author.user_id != first.user_id
        assert Assignment.objects.filter(case=story.id, state="ACTIVE").count() == 1

    def test_the_next_specialist_seals_a_first_read_of_their_own(self) -> None:
        story = Story().written()
        story.move(story.author, "MATCHING", reason="Ill.")
        story.in_review(make_specialist())
        with by(story.author):
            assert casefile.case_access(principal=story.author, case_id=story.id).first_read_sealed is False


class TestClarifying:
    def ask(self, story: Story, text: str = "Since when?") -> opinion.ClarificationDTO:
        with by(story.author):
            return opinion.ask(principal=story.author, case_id=story.id, question=text)

    def test_a_question_stops_the_clock_and_the_answer_starts_it(self) -> None:
        story = Story().in_review()
        asked = self.ask(story)
        assert story.state == "CLARIFICATION"
        assert not ClockInterval.objects.filter(case=story.id, ended_at=None).exists()
        with by(story.patient):
            answered = opinion.answer(
                principal=story.patient, case_id=story.id, clarification_id=asked.id, text="Since May."
            )
        assert (answered.answer, answered.state, story.state) == ("Since May.", "ANSWERED", "IN_REVIEW")
        assert ClockInterval.objects.filter(case=story.id, ended_at=None).count() == 1

    def test_three_rounds_and_no_more(self) -> None:
        story = Story().in_review()
        for _ in range(3):
            asked = self.ask(story)
            with by(story.patient):
                opinion.answer(principal=story.patient, case_id=story.id, clarification_id=asked.id, text="Yes.")
        with pytest.raises(Conflict) as refusal:
            self.ask(story)
        assert guard_of(refusal) == "clarification_rounds_left"
        assert Clarification.objects.count() == 3

    def test_the_patient_cannot_go_on_without_answering_but_the_specialist_can(self) -> None:
        story = Story().in_review()
        self.ask(story)
        with pytest.raises(Conflict) as refusal:
            story.move(story.patient, "IN_REVIEW")
        assert guard_of(refusal) == "clarification_settled"
        story.move(story.author, "IN_REVIEW")
        assert Clarification.objects.get().state == "EXPIRED"

    def test_after_the_reply_window_the_clock_goes_on(self) -> None:
        story = Story().in_review()
        self.ask(story)
        workflow.sweep()
        assert story.state == "CLARIFICATION"
        with clock.shifted(timedelta(days=15)):
            workflow.sweep()
            assert story.state == "IN_REVIEW"

    def test_an_answer_is_given_once_and_by_the_patient(self, api) -> None:
        story = Story().in_review()
        asked = self.ask(story)
        path, body = f"/cases/{story.id}/answers", {"clarification_id": str(asked.id), "answer": "Since May."}
        assert api.as_(story.author).post(path, body).status_code == 403
        assert api.as_(make_specialist()).post(path, body).status_code == 404
        assert api.as_(story.patient).post(path, body | {"answer": ""}).status_code == 400
        assert api.as_(story.patient).post(path, body).status_code == 200
        assert api.as_(story.patient).post(path, body).json()["code"] == "clarification_closed"
        listed = api.as_(story.author).get(f"/cases/{story.id}/questions").json()
        assert [(c["question"], c["answer"]) for c in listed] == [("Since when?", "Since May.")]


class TestHold:
    def hold(self, story: Story, **options) -> None:
        coordinator = make_person("coordinator")
        with by(coordinator):
            workflow.hold_case(principal=coordinator, case_id=story.id, reason="A court asks.", **options)

    def test_a_hold_stops_the_clock_and_every_step_but_cancelling(self) -> None:
        story = Story().in_triage()
        self.hold(story)
        assert not ClockInterval.objects.filter(case=story.id, ended_at=None).exists()
        with pytest.raises(Conflict) as refusal:
            story.move(make_person("nurse"), "COLLECTING_RECORDS", missing_item="x")
        assert refusal.value.code == "case_on_hold"
        assert story.move(story.patient, "CANCELLED", reason="Too long.") == "CANCELLED"

    def test_a_hold_ends_by_hand_or_at_its_end(self) -> None:
        story = Story().in_triage()
        self.hold(story, until=clock.now() + timedelta(hours=1))
        workflow.sweep()
        assert story.row.on_hold
        with clock.shifted(timedelta(hours=2)):
            workflow.sweep()
            assert not story.row.on_hold
        assert ClockInterval.objects.filter(case=story.id).count() == 2

    def test_only_staff_hold_and_with_a_reason(self, api) -> None:
        story = Story().submitted()
        path = f"/cases/{story.id}/hold"
        assert api.as_(story.patient).post(path, {"reason": "x"}).status_code == 403
        client = api.as_(make_person("coordinator"))
        assert client.post(path, {"reason": ""}).status_code == 400
        assert client.post(path, {"reason": "x"}).status_code == 200
        assert client.delete(path).json() == {"state": "resumed"}


class TestIncident:
    def report(self, story: Story, who: Principal, reason: str = "Opened for the wrong person.") -> str:
        with by(who):
            return workflow.report_incident(principal=who, case_id=story.id, reason=reason)

    def test_two_officers_of_two_offices_enter_a_case_in_error(self) -> None:
        story = Story().in_review()
        assert self.report(story, make_person("privacy_officer")) == "IN_REVIEW"
        assert self.report(story, make_person("medical_director")) == "ENTERED_IN_ERROR"
        assert Assignment.objects.get(case=story.id).state == "REVOKED"
        assert StatusHistory.objects.filter(case=story.id, target="ENTERED_IN_ERROR").count() == 1

    def test_one_person_or_one_office_is_not_enough(self) -> None:
        story = Story().submitted()
        officer = make_person("privacy_officer")
        self.report(story, officer)
        for second in (officer, make_person("privacy_officer")):
            with pytest.raises(Conflict) as refusal:
                self.report(story, second)
            assert refusal.value.code == "second_person_needed"
        both = principal_for(identity.get_account(user_id=officer.user_id))
        with pytest.raises(Conflict):
            self.report(story, Principal(**{**vars(both), "roles": frozenset({"privacy_officer", "medical_director"})}))
        assert story.state == "SUBMITTED"

    def test_nobody_moves_it_there_by_the_status_alone(self) -> None:
        story = Story().submitted()
        with pytest.raises(Conflict) as refusal:
            story.move(make_person("privacy_officer"), "ENTERED_IN_ERROR", reason="x")
        assert guard_of(refusal) == "two_person_incident_record"

    @pytest.mark.parametrize("role", ["coordinator", "nurse", "administrator"])
    def test_others_record_no_incident(self, role) -> None:
        story = Story().submitted()
        with pytest.raises(Forbidden):
            self.report(story, make_person(role))
        assert not Incident.objects.exists()


class TestConsent:
    @pytest.mark.parametrize("purpose", ["service", "sharing"])
    def test_withdrawing_ends_the_case_the_offers_and_the_reading(self, purpose) -> None:
        story = Story().in_review()
        offered = Story(story.patient).offered(make_specialist())
        with by(story.patient):
            identity.withdraw_consent(patient_id=story.row.patient_id, purpose=purpose)
        drain("identity", "cases")
        assert (story.state, offered.state) == ("CANCELLED", "CANCELLED")
        assert not Offer.objects.filter(state="OFFERED").exists()
        assert not Assignment.objects.filter(state="ACTIVE").exists()
        with by(story.author), pytest.raises(NotFound):
            casefile.get_case(principal=story.author, case_id=story.id)

    def test_a_signed_case_stays_the_patients_and_is_read_by_nobody_else(self) -> None:
        story = Story().delivered()
        with by(story.patient):
            identity.withdraw_consent(patient_id=story.row.patient_id, purpose="sharing")
        drain("identity", "cases")
        assert story.state == "DELIVERED"
        with by(story.author), pytest.raises(NotFound):
            opinion.get_opinion(principal=story.author, case_id=story.id)
        with by(story.patient):
            assert report_pdf(principal=story.patient, case_id=story.id)

    def test_other_purposes_leave_the_case_alone(self) -> None:
        story = Story().in_review()
        with by(story.patient):
            identity.withdraw_consent(patient_id=story.row.patient_id, purpose="ai_processing")
        drain("identity", "cases")
        assert story.state == "IN_REVIEW"

    def test_between_withdrawal_and_its_news_no_offer_is_accepted(self) -> None:
        story = Story().offered()
        with by(story.patient):
            identity.withdraw_consent(patient_id=story.row.patient_id, purpose="sharing")
        with by(story.author), pytest.raises(Conflict) as refusal:
            assignment.accept_offer(principal=story.author, case_id=story.id, coi_attestation=CLEAR)
        assert guard_of(refusal) == "sharing_consent"


class TestTime:
    def test_a_draft_that_lay_still_ends(self) -> None:
        story = Story()
        for day, state in ((14, "DRAFT"), (25, "DRAFT"), (29, "DRAFT"), (31, "EXPIRED")):
            with clock.shifted(timedelta(days=day)):
                tend_idle_cases()
            assert story.state == state

    def test_an_ended_case_can_be_taken_up_again_within_ninety_days(self) -> None:
        story = Story()
        for day in (14, 25, 31):
            with clock.shifted(timedelta(days=day)):
                tend_idle_cases()
        with clock.shifted(timedelta(days=150)), pytest.raises(Conflict) as refusal:
            story.move(story.patient, "COLLECTING_RECORDS")
        assert guard_of(refusal) == "expired_within_ninety_days"
        with clock.shifted(timedelta(days=60)):
            assert story.move(story.patient, "COLLECTING_RECORDS") == "COLLECTING_RECORDS"

    def test_offers_end_with_their_time(self) -> None:
        Story().offered()
        with clock.shifted(timedelta(hours=49)):
            workflow.sweep()
        assert Offer.objects.get().state == "EXPIRED"

    def test_an_unopened_report_goes_to_follow_up_after_three_days(self) -> None:
        story = Story().delivered()
        assert workflow.advance(case_id=story.id) is False
        with clock.shifted(timedelta(days=3, minutes=1)):
            assert workflow.advance(case_id=story.id) is True
        assert story.state == "FOLLOW_UP"

    def test_a_closed_case_opens_again_within_the_window(self) -> None:
        story = Story().delivered()
        Case.objects.filter(id=story.id).update(state="CLOSED")
        with clock.shifted(timedelta(days=91)), pytest.raises(Conflict) as refusal:
            story.move(story.patient, "FOLLOW_UP")
        assert guard_of(refusal) == "within_follow_up_window"
        assert story.move(story.patient, "FOLLOW_UP") == "FOLLOW_UP"
