"""What other contexts' news does here: once, in whatever order it comes."""

from uuid import uuid4

import pytest

from analysis.events import FindingDecided, FindingProposed
from cases import handlers
from cases.models import FindingProjection, InboxEntry, Job
from config.kernel.due_work import drain
from config.kernel.events import signal_for
from identity.events import ConsentGranted, ConsentWithdrawn
from tests.cases.support import Story, by
from tests.factories import make_patient
from tests.factories.cases import FindingProjectionFactory

pytestmark = pytest.mark.django_db


def proposed(case_id, finding_id) -> FindingProposed:
    return FindingProposed(aggregate_id=case_id, finding_id=finding_id, patient_id=uuid4())


def decided(case_id, finding_id, decision="REJECTED") -> FindingDecided:
    return FindingDecided(aggregate_id=case_id, finding_id=finding_id, patient_id=uuid4(), decision=decision)


def tell(event, event_id=None) -> None:
    """Deliver as the relay does."""
    signal_for(type(event).name).send(sender=type(event), event=event, event_id=event_id or uuid4())


class TestFindings:
    def test_a_proposed_finding_waits_and_a_decided_one_does_not(self) -> None:
        case_id, finding_id = uuid4(), uuid4()
        tell(proposed(case_id, finding_id))
        assert FindingProjection.objects.get().decision == ""
        tell(decided(case_id, finding_id, "EDITED"))
        assert FindingProjection.objects.get().decision == "EDITED"

    def test_a_decision_that_arrives_first_is_not_forgotten(self) -> None:
        case_id, finding_id = uuid4(), uuid4()
        tell(decided(case_id, finding_id))
        tell(proposed(case_id, finding_id))
        row = FindingProjection.objects.get()
        assert (row.finding_id, row.case_id, row.decision) == (finding_id, case_id, "REJECTED")

    def test_news_that_comes_twice_is_taken_once(self) -> None:
        event, event_id = proposed(uuid4(), uuid4()), uuid4()
        tell(event, event_id)
        FindingProjection.objects.all().delete()
        tell(event, event_id)
        assert not FindingProjection.objects.exists()
        assert InboxEntry.objects.filter(event_id=event_id).count() == 1

    def test_the_guards_count_the_findings_of_their_own_case_only(self) -> None:
        story = Story().written()
        FindingProjectionFactory()
        assert story.submit().state == "APPROVED"


class TestConsents:
    def test_a_grant_wakes_the_cases_that_wait_for_it(self) -> None:
        story = Story(make_patient(consents=("service", "sharing"))).signed()
        drain("cases")
        waiting = Job.objects.filter(kind="cases.advance", subject_id=story.id).count()
        tell(ConsentGranted(aggregate_id=story.row.patient_id, purpose="release"))
        assert Job.objects.filter(kind="cases.advance", subject_id=story.id).count() == waiting + 1

    def test_a_withdrawal_is_the_patients_own_step_in_the_history(self) -> None:
        story = Story().in_matching()
        tell(ConsentWithdrawn(aggregate_id=story.row.patient_id, purpose="sharing"))
        entry = story.row.history.order_by("-id").first()
        assert (entry.target, entry.actor_id, entry.actor_role) == ("CANCELLED", story.patient.user_id, "patient")

    def test_a_draft_and_an_ended_case_stay_as_they_are(self) -> None:
        story = Story()
        ended = Story(story.patient).submitted()
        with by(story.patient):
            ended.move(story.patient, "CANCELLED", reason="x")
        tell(ConsentWithdrawn(aggregate_id=story.row.patient_id, purpose="service"))
        assert (story.state, ended.state) == ("DRAFT", "CANCELLED")
        assert ended.row.history.count() == 2

    def test_other_peoples_cases_are_not_touched(self) -> None:
        story, other = Story().submitted(), Story().submitted()
        tell(ConsentWithdrawn(aggregate_id=story.row.patient_id, purpose="sharing"))
        assert (story.state, other.state) == ("CANCELLED", "SUBMITTED")


def test_handlers_know_higher_contexts_by_name_only() -> None:
    from pathlib import Path

    text = Path(handlers.__file__).read_text()
    assert "import analysis" not in text
    assert "from analysis" not in text
