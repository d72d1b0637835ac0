"""A signed report that rests on what is read otherwise now: the medical director hears of it, and decides."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from cases import handlers
from cases.models import AuditEntry, Case, FindingProjection, OutboxEntry, ReportRecheck
from cases.services import workflow
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.support import Story
from tests.factories import make_person
from tests.factories.cases import OpinionFactory

pytestmark = pytest.mark.django_db
DOCUMENT = uuid4()


@pytest.fixture
def story() -> Story:
    story = Story()
    OpinionFactory(case_id=story.id, state="SIGNED")
    Case.objects.filter(id=story.id).update(state="DELIVERED")
    return story


def changed(story: Story, critical: int) -> None:
    handlers.findings_changed.effect(SimpleNamespace(aggregate_id=story.id, document_id=DOCUMENT, critical=critical))


class TestOpening:
    def test_a_changed_critical_value_opens_one_task_and_tells_without_what_it_is(self, story: Story) -> None:
        changed(story, 2)
        changed(story, 1)
        row = ReportRecheck.objects.get()
        assert (row.state, row.cause, row.values) == ("OPEN", "critical_value", 3)
        told = OutboxEntry.objects.get(name="cases.report.doubted.v1").payload
        assert set(told) == {"aggregate_id", "recheck_id", "patient_id"}
        assert AuditEntry.objects.get(action="report.doubt").detail == {"cause": "critical_value", "state": "OPEN"}

    def test_other_changes_and_unsigned_cases_open_none(self, story: Story) -> None:
        changed(story, 0)
        changed(Story(), 2)
        assert not ReportRecheck.objects.exists()


class TestSettling:
    def test_it_stands_with_a_reason_once(self, story: Story) -> None:
        changed(story, 1)
        director, row = make_person("medical_director"), ReportRecheck.objects.get()
        with pytest.raises(Invalid):
            workflow.settle_recheck(principal=director, recheck_id=row.id, stands=True, reason=" ")
        told = workflow.settle_recheck(principal=director, recheck_id=row.id, stands=True, reason="Seen on paper.")
        assert told.state == "STANDS"
        assert story.state == "DELIVERED"
        row.refresh_from_db()
        assert row.settled_by == director.user_id
        assert b"paper" not in bytes(row.reason_sealed or b"")
        with pytest.raises(Conflict):
            workflow.settle_recheck(principal=director, recheck_id=row.id, stands=False, reason="no")

    def test_what_does_not_stand_is_amended(self, story: Story) -> None:
        changed(story, 1)
        row = ReportRecheck.objects.get()
        workflow.settle_recheck(
            principal=make_person("medical_director"), recheck_id=row.id, stands=False, reason="6.9, not 9.6"
        )
        row.refresh_from_db()
        assert (row.state, story.state) == ("AMENDED", "AMENDING")

    def test_nobody_else_sees_or_settles_it(self, story: Story) -> None:
        changed(story, 1)
        row = ReportRecheck.objects.get()
        for who in (make_person("coordinator"), story.patient):
            with pytest.raises(Forbidden):
                workflow.settle_recheck(principal=who, recheck_id=row.id, stands=True, reason="x")
            with pytest.raises(Forbidden):
                workflow.list_rechecks(principal=who, case_id=story.id)
        director = make_person("medical_director")
        assert [one.id for one in workflow.list_rechecks(principal=director, case_id=story.id)] == [row.id]
        with pytest.raises(NotFound):
            workflow.settle_recheck(principal=director, recheck_id=uuid4(), stands=True, reason="x")


def test_what_is_asked_again_stands_in_the_guard_s_way_until_it_is_decided() -> None:
    from cases.queries.guard_facts import circumstances_of

    story, finding = Story(), uuid4()
    handlers.finding_proposed.effect(SimpleNamespace(aggregate_id=story.id, finding_id=finding, again=True))
    assert FindingProjection.objects.get().asked_again
    assert circumstances_of(story.row).findings_asked_again == 1
    handlers.finding_decided.effect(SimpleNamespace(aggregate_id=story.id, finding_id=finding, decision="ACCEPTED"))
    assert circumstances_of(story.row).findings_asked_again == 0
