"""A specialist whose assignment ends reads nothing more from the next request on, whichever way it ended."""

from __future__ import annotations

import pytest

from cases.services import workflow
from cases.services.workflow import Transition
from tests.cases.support import Story, by
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
TRIALS = 20


def _end(story: Story, how: int) -> None:
    """Given back by the specialist, taken back by the coordinator, or ended with the whole case by the patient."""
    if how == 2:
        with by(story.patient):
            workflow.move(principal=story.patient, case_id=story.id, to="CANCELLED", reason="thought better of it")
        return
    who = (story.author, make_person("coordinator"))[how]
    with by(who):
        workflow.move(principal=who, case_id=story.id, to=Transition.END_ASSIGNMENT, reason="no time")


def test_twenty_of_twenty_are_refused_everything_at_the_next_request() -> None:
    for trial in range(TRIALS):
        story = Story(make_patient()).in_review()
        document = story.put_document().id
        api = ApiClient(story.author)
        asked = (
            f"/cases/{story.id}",
            f"/cases/{story.id}/documents",
            f"/cases/{story.id}/opinion/draft",
            f"/cases/{story.id}/messages",
            f"/cases/{story.id}/notes",
            f"/insights/{story.id}",
            f"/documents/{document}",
        )
        open_before = [api.get(path).status_code for path in asked]
        assert open_before.count(404) < len(asked) / 2, open_before
        _end(story, trial % 3)
        assert {api.get(path).status_code for path in asked} == {404}
        assert str(story.id) not in api.get("/cases").content.decode()
