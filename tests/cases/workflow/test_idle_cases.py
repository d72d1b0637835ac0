"""A case that lies still is spoken of twice, and ends by itself only when that brought nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case, IdleReminder, OutboxEntry
from cases.services import intake
from cases.services.workflow.idle_cases import tend_idle_cases
from config.kernel import clock
from tests.cases.support import Story, by

pytestmark = pytest.mark.django_db


def after(days: float) -> None:
    """Tend the cases that many days from now."""
    with clock.frozen(clock.now() + timedelta(days=days)):
        tend_idle_cases()


def told(story: Story) -> list[int]:
    rows = OutboxEntry.objects.filter(aggregate_id=story.id, name="cases.case.lies_still.v1").order_by("position")
    return [row.payload["number"] for row in rows]


def test_two_reminders_come_before_the_end_and_each_once() -> None:
    story = Story()
    after(13.9)
    assert told(story) == []
    for day in (14, 15, 24.9):
        after(day)
        assert told(story) == [1]
    for day in (25, 29.9):
        after(day)
        assert told(story) == [1, 2]
        assert story.state == "DRAFT"
    after(30)
    assert story.state == "EXPIRED"
    after(60)
    assert told(story) == [1, 2]


def test_where_nobody_looked_for_weeks_the_reminders_still_come_first() -> None:
    story = Story()
    for day, numbers, state in ((40, [1], "DRAFT"), (46, [1], "DRAFT"), (47, [1, 2], "DRAFT"), (50, [1, 2], "EXPIRED")):
        after(day)
        assert (told(story), story.state) == (numbers, state), day


def test_who_writes_on_begins_a_new_rest() -> None:
    story = Story()
    after(14)
    with by(story.patient):
        intake.update_draft(principal=story.patient, case_id=story.id, fields={"history": "More."})
    # Saving stamps the row with the machine's own clock.
    Case.objects.filter(id=story.id).update(updated_at=clock.now() + timedelta(days=20))
    after(33)
    assert told(story) == [1]
    after(34)
    assert told(story) == [1, 1]
    after(45)
    assert (told(story), story.state) == ([1, 1, 2], "DRAFT")
    after(50)
    assert story.state == "EXPIRED"


def test_a_submitted_case_that_waits_for_records_is_treated_alike_and_a_held_one_rests() -> None:
    waiting, held, moving = Story().submitted(), Story().submitted(), Story().in_review()
    Case.objects.filter(id__in=[waiting.id, held.id]).update(state="COLLECTING_RECORDS")
    Case.objects.filter(id=held.id).update(held_by=held.patient.user_id)
    for day in (14, 25, 31):
        after(day)
    assert [one.state for one in (waiting, held, moving)] == ["EXPIRED", "COLLECTING_RECORDS", "IN_REVIEW"]
    assert IdleReminder.objects.exclude(case_id=waiting.id).count() == 0
