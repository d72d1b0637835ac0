"""How many statements the requests take that everybody waits for: numbers that only ever go down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry, Case, OutboxEntry, StatusHistory
from tests.cases.support import INTAKE, Story
from tests.client import ApiClient
from tests.factories import make_patient

pytestmark = pytest.mark.django_db
STEP, OPEN_CASE, MESSAGE = 11, 9, 6
# What a step of a case may open at all: the folder of a test decides, and the walls.
ALIASES = ("default", "professionals", "cases")


@contextmanager
def all_statements() -> Iterator[list[str]]:
    """Every statement of every context, once the block has ended; keys that are read once a minute left out."""
    found: list[str] = []
    with ExitStack() as stack:
        held = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ALIASES]
        yield found
        found += [query["sql"] for one in held for query in one.captured_queries if "datakey" not in query["sql"]]


def test_a_step_takes_eleven_statements_and_writes_all_that_belongs_to_it() -> None:
    Story().submitted()
    story = Story()
    api = ApiClient(story.patient)
    body = {"to": "SUBMITTED"}
    with all_statements() as found:
        answer = api.patch(f"/cases/{story.id}/status", body, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert answer.json()["state"] == "SUBMITTED"
    assert [one["id"] for one in answer.json()["transitions"]] == ["C-SUBMITTED"]
    assert answer["ETag"] == '"2"'
    assert len(found) <= STEP, "\n".join(found)
    assert StatusHistory.objects.filter(case_id=story.id).count() == 1
    assert AuditEntry.objects.filter(object_id=story.id, action="case.move").count() == 1
    assert OutboxEntry.objects.filter(aggregate_id=story.id, name="cases.case.status_changed.v1").count() == 1


def test_opening_a_case_takes_nine_statements() -> None:
    api = ApiClient(make_patient())
    api.post("/cases", INTAKE)
    with all_statements() as found:
        assert api.post("/cases", INTAKE).status_code == 201
    assert len(found) <= OPEN_CASE, "\n".join(found)


def test_a_message_takes_six_statements() -> None:
    story = Story()
    Case.objects.filter(id=story.id).update(state="IN_REVIEW", assigned_user_id=uuid4())
    api = ApiClient(story.patient)
    api.post(f"/cases/{story.id}/messages", {"text": "Good morning"})
    with all_statements() as found:
        assert api.post(f"/cases/{story.id}/messages", {"text": "And?"}).status_code == 201
    assert len(found) <= MESSAGE, "\n".join(found)


def test_the_next_steps_are_those_of_the_state_that_was_reached() -> None:
    """The answer to a step is what a second question would be answered."""
    story = Story()
    api = ApiClient(story.patient)
    answer = api.patch(f"/cases/{story.id}/status", {"to": "SUBMITTED"}, headers={"If-Match": '"1"'})
    assert answer.json()["transitions"] == api.get(f"/cases/{story.id}/transitions").json()
