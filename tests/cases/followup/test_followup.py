"""Follow-up questions and addenda, the outcome after 30, 90 and 365 days, the rating; the report never changes."""

from datetime import timedelta
from typing import Any

import pytest

from cases.models import FollowUpQuestion, Opinion, OutboxEntry, Outcome, Report, ServiceRating
from cases.services import followup, workflow
from cases.services.followup.outcomes import ask_for_outcomes
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, Invalid
from professionals import services as professionals
from tests.cases.support import Story, by, guard_of, make_specialist
from tests.factories import make_person
from tests.observations import report_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return read_by_the_patient(Story().delivered())


def read_by_the_patient(story: Story) -> Story:
    with by(story.patient):
        report_pdf(principal=story.patient, case_id=story.id)
    drain("cases")
    assert story.state == "FOLLOW_UP"
    return story


def ask(story: Story, text: str = "May I fly in June?") -> followup.FollowUpDTO:
    with by(story.patient):
        return followup.ask_follow_up(principal=story.patient, case_id=story.id, question=text)


def answer(story: Story, asked: followup.FollowUpDTO, text: str = "Yes, after the check.") -> followup.FollowUpDTO:
    with by(story.author):
        return followup.answer_follow_up(principal=story.author, case_id=story.id, follow_up_id=asked.id, text=text)


def events(name: str) -> int:
    return OutboxEntry.objects.filter(name=name).count()


class TestAddenda:
    def test_a_question_is_asked_answered_and_told_once_each_way(self, story) -> None:
        answer(story, ask(story))
        with by(story.patient):
            found = followup.list_follow_ups(principal=story.patient, case_id=story.id)
        assert [(q.question, q.answer) for q in found.questions] == [("May I fly in June?", "Yes, after the check.")]
        assert found.left == 2
        assert events("cases.follow_up.asked.v1") == events("cases.follow_up.answered.v1") == 1
        told = OutboxEntry.objects.get(name="cases.follow_up.answered.v1").payload
        assert str(story.patient.user_id) in str(told)

    def test_words_of_both_are_sealed(self, story) -> None:
        answer(story, ask(story))
        row = FollowUpQuestion.objects.get()
        assert b"fly" not in bytes(row.question_sealed)
        assert b"check" not in bytes(row.answer_sealed)

    def test_an_addendum_does_not_change_and_the_signed_report_stays_as_it_is(self, story) -> None:
        before = [bytes(o.content_sealed) for o in Opinion.objects.all()], Report.objects.get().pdf_sha256
        asked = ask(story)
        answer(story, asked)
        with pytest.raises(Conflict) as refusal:
            answer(story, asked, "No.")
        assert refusal.value.code == "follow_up_answered"
        assert before == ([bytes(o.content_sealed) for o in Opinion.objects.all()], Report.objects.get().pdf_sha256)

    def test_as_many_may_be_asked_as_the_setting_says(self, story, settings) -> None:
        settings.FOLLOW_UP_QUESTIONS = 1
        ask(story)
        with pytest.raises(Conflict) as refusal:
            ask(story)
        assert refusal.value.code == "follow_up_questions_used"

    def test_three_are_the_default(self, story) -> None:
        for _ in range(3):
            ask(story)
        with pytest.raises(Conflict):
            ask(story)

    def test_before_delivery_nothing_is_asked(self) -> None:
        with pytest.raises(Conflict):
            ask(Story().signed())

    def test_the_case_is_not_closed_over_an_open_question(self, story) -> None:
        asked = ask(story)
        with pytest.raises(Conflict) as refusal:
            story.move(story.patient, "CLOSED")
        assert guard_of(refusal) == "no_open_follow_up"
        answer(story, asked)
        assert story.move(story.patient, "CLOSED") == "CLOSED"

    def test_only_the_specialist_answers_and_only_the_patient_asks(self, story) -> None:
        asked = ask(story)
        with by(story.patient), pytest.raises(Forbidden):
            followup.answer_follow_up(principal=story.patient, case_id=story.id, follow_up_id=asked.id, text="x")
        with by(story.author), pytest.raises(Forbidden):
            followup.ask_follow_up(principal=story.author, case_id=story.id, question="x")


class TestClosing:
    def test_the_clock_closes_a_case_after_ninety_days_and_not_before(self, story) -> None:
        with clock.shifted(timedelta(days=90)):
            workflow.sweep()
            assert story.state == "FOLLOW_UP"
        with clock.shifted(timedelta(days=92)):
            workflow.sweep()
        assert story.state == "CLOSED"

    def test_an_open_question_keeps_it_open(self, story) -> None:
        ask(story)
        with clock.shifted(timedelta(days=92)):
            workflow.sweep()
        assert story.state == "FOLLOW_UP"

    def test_a_patient_reopens_a_closed_case_within_the_window(self, story) -> None:
        story.move(story.patient, "CLOSED")
        assert story.move(story.patient, "FOLLOW_UP") == "FOLLOW_UP"
        story.move(story.patient, "CLOSED")
        with clock.shifted(timedelta(days=92)), pytest.raises(Conflict) as refusal:
            story.move(story.patient, "FOLLOW_UP")
        assert guard_of(refusal) == "within_follow_up_window"


class TestOutcomes:
    def tell(self, story: Story, day: int = 30, **said: Any) -> followup.OutcomeDTO:
        with by(story.patient):
            return followup.record_outcome(
                principal=story.patient, case_id=story.id, day=day, **({"followed": "YES"} | said)
            )

    def test_delivery_plans_three_dates(self, story) -> None:
        delivered = story.row.delivered_at
        assert [(o.day, o.due_at - delivered) for o in Outcome.objects.order_by("day")] == [
            (day, timedelta(days=day)) for day in (30, 90, 365)
        ]

    def test_each_date_reminds_once(self, story) -> None:
        for days, asked in ((29, 0), (31, 1), (32, 1), (91, 2), (370, 3), (400, 3)):
            with clock.shifted(timedelta(days=days)):
                ask_for_outcomes(None)  # type: ignore[arg-type]  # it reads nothing of its run
            assert events("cases.outcome.due.v1") == asked, days

    def test_who_has_answered_is_not_reminded(self, story) -> None:
        with clock.shifted(timedelta(days=31)):
            self.tell(story)
            ask_for_outcomes(None)  # type: ignore[arg-type]
        assert events("cases.outcome.due.v1") == 0

    def test_an_answer_is_given_once_sealed_and_not_before_its_date(self, story) -> None:
        with pytest.raises(Conflict) as early:
            self.tell(story)
        assert early.value.code == "outcome_not_due"
        with clock.shifted(timedelta(days=31)):
            told = self.tell(story, followed="NO", why="Another hospital", final_diagnosis="Stenosis")
            assert (told.followed, told.why, told.final_diagnosis) == ("NO", "Another hospital", "Stenosis")
            with pytest.raises(Conflict) as again:
                self.tell(story)
        assert again.value.code == "outcome_answered"
        assert b"hospital" not in bytes(Outcome.objects.get(day=30).answer_sealed)

    def test_whether_the_opinion_held_reaches_the_specialists_figures_with_the_confidence_that_was_signed(
        self, story
    ) -> None:
        with clock.shifted(timedelta(days=31)):
            assert self.tell(story, held="CHANGED").held == "CHANGED"
        with by(story.patient):
            followup.rate_service(principal=story.patient, case_id=story.id, score=4)
        told = OutboxEntry.objects.get(name="cases.outcome.told.v1").payload
        assert (told["held"], "why" in told) == ("CHANGED", False)
        drain("cases")
        professionals.compute_statistics()
        profile = professionals.get_by_user(user_id=story.author.user_id)
        figures = professionals.get_statistics(principal=story.author, professional_id=profile.id)
        shown = ("outcomes", "brier", "agreement_rate", "service_score", "treatment_agreement")
        assert [figures[name] for name in shown] == [1, 0.7225, 1.0, 4, {"agree": 1}]

    @pytest.mark.parametrize("followed", ["NO", "PARTLY"])
    def test_not_following_the_advice_has_a_reason(self, story, followed) -> None:
        with clock.shifted(timedelta(days=31)), pytest.raises(Invalid):
            self.tell(story, followed=followed)

    def test_an_answer_leaves_the_signed_opinion_alone(self, story) -> None:
        before = [bytes(o.content_sealed) for o in Opinion.objects.all()]
        with clock.shifted(timedelta(days=31)):
            self.tell(story)
        assert before == [bytes(o.content_sealed) for o in Opinion.objects.all()]


class TestRating:
    def rate(self, story: Story, score: int = 4) -> followup.RatingDTO:
        with by(story.patient):
            return followup.rate_service(principal=story.patient, case_id=story.id, score=score, comment="So quick!")

    def test_a_case_is_rated_once(self, story) -> None:
        self.rate(story)
        with pytest.raises(Conflict) as refusal:
            self.rate(story)
        assert refusal.value.code == "case_rated"
        assert b"quick" not in bytes(ServiceRating.objects.get().comment_sealed)

    def test_only_ids_and_the_score_leave(self, story) -> None:
        self.rate(story)
        told = OutboxEntry.objects.get(name="cases.rating.given.v1").payload
        assert "quick" not in str(told)
        assert str(story.author.user_id) in str(told)

    def test_it_waits_until_the_report_was_read(self) -> None:
        with pytest.raises(Conflict):
            self.rate(Story().delivered())

    @pytest.mark.parametrize("score", [0, 6])
    def test_scores_are_one_to_five(self, story, score) -> None:
        with pytest.raises(Invalid):
            self.rate(story, score)

    @pytest.mark.parametrize("role", ["coordinator", "administrator"])
    def test_staff_do_not_rate(self, story, role) -> None:
        who = make_person(role)
        with by(who), pytest.raises(Forbidden):
            followup.rate_service(principal=who, case_id=story.id, score=5)

    def test_another_specialist_does_not_rate(self, story) -> None:
        from config.kernel.errors import NotFound

        who = make_specialist()
        with by(who), pytest.raises(NotFound):
            followup.rate_service(principal=who, case_id=story.id, score=5)
