"""The machines of this context, written out a second time by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import models

from professionals.models import Professional
from tests.factories.professionals import EvidenceFactory, PublicationFactory, ReviewFactory
from tests.professionals.conftest import register
from tests.state_machines import Specified, is_as_specified, machines_of, takes_every_step_and_no_other

pytestmark = pytest.mark.django_db
SPECIFIED: dict[str, Specified] = {
    "Professional": (
        "PENDING",
        {
            "PENDING": "VERIFIED REJECTED",
            "REJECTED": "PENDING",
            "VERIFIED": "EXPIRING EXPIRED SUSPENDED PENDING",
            "EXPIRING": "VERIFIED EXPIRED SUSPENDED PENDING",
            "EXPIRED": "PENDING SUSPENDED",
            "SUSPENDED": "PENDING",
        },
    ),
    "Evidence": ("QUARANTINED", {"QUARANTINED": "CLEARED REJECTED", "CLEARED": "CONFIRMED REFUSED"}),
    "Publication": (
        "PROPOSED",
        {
            "PROPOSED": "PROPOSED PUBLISHED REJECTED WITHDRAWN",
            "PUBLISHED": "PROPOSED WITHDRAWN",
            "REJECTED": "PROPOSED",
            "WITHDRAWN": "PROPOSED",
        },
    ),
    "Review": ("PENDING", {"PENDING": "PUBLISHED REJECTED", "PUBLISHED": "REJECTED", "REJECTED": "PUBLISHED"}),
}
MACHINES = machines_of("professionals")


MADE: dict[str, Callable[[Professional], models.Model]] = {
    "Professional": lambda row: row,
    "Evidence": lambda row: EvidenceFactory(professional=row),
    "Publication": lambda row: PublicationFactory.build(professional=row, decided_by=uuid4()),
    "Review": lambda row: ReviewFactory.build(professional=row),
}


def test_every_machine_is_specified() -> None:
    assert set(MACHINES) == set(SPECIFIED)


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_machine_is_the_specified_one(name: str) -> None:
    is_as_specified(MACHINES[name], SPECIFIED[name])


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_row_takes_every_step_of_its_table_and_no_other(name: str) -> None:
    profile, _ = register()
    row: Any = MADE[name](Professional.objects.get(id=profile.id))
    takes_every_step_and_no_other(row, SPECIFIED[name])
