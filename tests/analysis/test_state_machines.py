"""The machines of this context, written out a second time by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models

from tests.factories.analysis import AnalysisRunFactory, FindingChangeFactory, FindingFactory, ModelRecordFactory
from tests.state_machines import Specified, is_as_specified, machines_of, takes_every_step_and_no_other

pytestmark = pytest.mark.django_db
SPECIFIED: dict[str, Specified] = {
    "AnalysisRun": (
        "QUEUED",
        {"QUEUED": "RUNNING BLOCKED FAILED", "RUNNING": "COMPLETED ABSTAINED BLOCKED FAILED"},
    ),
    "Finding": (
        "PROPOSED",
        {
            "PROPOSED": "ACCEPTED EDITED REJECTED",
            "ACCEPTED": "ACCEPTED EDITED REJECTED",
            "EDITED": "ACCEPTED EDITED REJECTED",
            "REJECTED": "ACCEPTED EDITED REJECTED",
        },
    ),
    "FindingChange": ("NOTED", {"ASKED": "ANSWERED LAPSED"}),
    "ModelRecord": (
        "candidate",
        {"candidate": "shadow retired", "shadow": "active retired", "active": "retired"},
    ),
}
MACHINES = machines_of("analysis")


MADE: dict[str, Callable[[], models.Model]] = {
    "AnalysisRun": AnalysisRunFactory,
    "Finding": lambda: FindingFactory(run=AnalysisRunFactory()),
    "FindingChange": lambda: FindingChangeFactory.build(run=AnalysisRunFactory()),
    "ModelRecord": ModelRecordFactory,
}


def test_every_machine_is_specified() -> None:
    assert set(MACHINES) == set(SPECIFIED)


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_machine_is_the_specified_one(name: str) -> None:
    is_as_specified(MACHINES[name], SPECIFIED[name])


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_row_takes_every_step_of_its_table_and_no_other(name: str) -> None:
    takes_every_step_and_no_other(MADE[name](), SPECIFIED[name])
