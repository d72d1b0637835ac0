"""The machines of what every context has: jobs, events on their way, versions of content."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models, transaction

from config.kernel import clock
from config.kernel.db.states import advance, sql_step
from config.kernel.editions.states import EDITION, EditionState
from config.kernel.errors import Conflict
from config.kernel.jobs.states import JOB, JobState
from config.kernel.outbox.states import OUTBOX_ENTRY, OutboxState
from config.kernel.state_machine import StateMachine
from tests.state_machines import Specified, is_as_specified, takes_every_step_and_no_other

pytestmark = pytest.mark.django_db
SPECIFIED: dict[str, Specified] = {
    "Job": ("QUEUED", {"QUEUED": "RUNNING", "RUNNING": "DONE QUEUED DEAD", "DEAD": "QUEUED"}),
    "OutboxEntry": ("PENDING", {"PENDING": "SENT DEAD", "DEAD": "PENDING"}),
    "Edition": ("DRAFT", {"DRAFT": "PUBLISHED DISCARDED", "PUBLISHED": "RETIRED"}),
}
BY_NAME: dict[str, StateMachine] = {"Job": JOB, "OutboxEntry": OUTBOX_ENTRY, "Edition": EDITION}


def table(name: str) -> type[models.Model]:
    return apps.get_model("cases", name)


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_machine_is_the_specified_one(name: str) -> None:
    is_as_specified(table(name), SPECIFIED[name])


def test_a_job_takes_every_step_of_its_table_and_no_other() -> None:
    takes_every_step_and_no_other(table("Job")(kind="cases.none", subject_id=uuid4()), SPECIFIED["Job"])


def test_an_event_takes_every_step_of_its_table_and_no_other() -> None:
    row = table("OutboxEntry")(name="cases.none.v1", aggregate_id=uuid4(), payload={})
    takes_every_step_and_no_other(row, SPECIFIED["OutboxEntry"])


@pytest.mark.parametrize("source", EditionState)
@pytest.mark.parametrize("target", EditionState)
def test_a_version_takes_every_step_of_its_table_and_no_other(source: EditionState, target: EditionState) -> None:
    # Each pair on a row of its own: the database itself lets no version go back.
    row = table("Edition")(
        kind="none", code=str(uuid4()), number=1, body={}, written_at=clock.now(), state=source.value
    )
    row.save()
    if target in SPECIFIED["Edition"][1].get(source, "").split():
        advance(row, target, published_by=row.published_by or uuid4() if target == "PUBLISHED" else row.published_by)
        row.refresh_from_db()
        assert row.state == target
        return
    with pytest.raises(Conflict), transaction.atomic("cases"):
        advance(row, target)
    row.refresh_from_db()
    assert row.state == source


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_statement_is_given_the_steps_of_the_table_and_no_other(name: str) -> None:
    machine = BY_NAME[name]
    for source in machine.states:
        for target in machine.states:
            if target in SPECIFIED[name][1].get(source, "").split():
                step = sql_step(machine, source, target)
                assert (step.source, step.target) == (f"'{source}'", f"'{target}'")
                continue
            with pytest.raises(ValueError, match=f"nothing goes from {source} to {target}"):
                sql_step(machine, source, target)


@pytest.mark.parametrize("state", [JobState.RUNNING, OutboxState.SENT])
def test_a_row_begins_where_its_machine_says(state: JobState | OutboxState) -> None:
    machine = JOB if isinstance(state, JobState) else OUTBOX_ENTRY
    assert machine.opening(machine.begins) == machine.begins
    with pytest.raises(ValueError, match=f"nothing begins as {state}"):
        machine.opening(state)
