"""A case's dates in one's own calendar: when, and nothing of what it is about."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from cases.models import AuditEntry
from cases.services import opinion
from tests.cases.support import Story, by

pytestmark = pytest.mark.django_db


def dates(api: Any, who: Any, story: Story) -> Any:
    return api.as_(who).get(f"/cases/{story.id}/dates.ics")


def test_the_promise_and_open_questions_are_there_and_nothing_of_the_illness(api: Any) -> None:
    story = Story(title="Ptarmigan of the pancreas").in_review()
    with by(story.author):
        opinion.ask(principal=story.author, case_id=story.id, question="Since when, Ptarmigan?")
    answer = dates(api, story.patient, story)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"Ptarmigan" not in answer.content
    calendar = Calendar.from_ical(answer.content)
    told = {str(event["summary"]).rpartition(": ")[2]: event["dtstart"].dt for event in calendar.walk("VEVENT")}
    assert set(told) == {"promised", "answer a question"}
    # A calendar's instants are whole seconds.
    promised = story.row.promised_at
    assert promised is not None and told["promised"] == promised.replace(microsecond=0)
    assert story.row.reference in str(calendar.walk("VEVENT")[0]["summary"])
    assert AuditEntry.objects.filter(action="case.calendar", object_id=story.id).count() == 1


def test_a_case_without_dates_is_an_empty_calendar(api: Any) -> None:
    story = Story()
    assert not Calendar.from_ical(dates(api, story.patient, story).content).walk("VEVENT")
