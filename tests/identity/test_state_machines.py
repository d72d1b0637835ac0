"""The machines of this context, written out a second time by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models

from identity.domain.state_machines import PROXY, ProxyState
from tests.factories.identity import (
    ErasureFactory,
    ExportFactory,
    PatientMergeFactory,
    ProxyFactory,
    RectificationFactory,
    UserFactory,
)
from tests.state_machines import Specified, is_as_specified, machines_of, takes_every_step_and_no_other

pytestmark = pytest.mark.django_db
SPECIFIED: dict[str, Specified] = {
    "Proxy": (
        "OFFERED",
        {
            "ATTESTED": "OFFERED DECLINED REVOKED",
            "OFFERED": "ACTIVE DECLINED REVOKED",
            "ACTIVE": "REVOKED",
        },
    ),
    "PatientMerge": ("PROPOSED", {"PROPOSED": "MERGED REFUSED WITHDRAWN", "MERGED": "SEPARATED"}),
    "Export": ("QUEUED", {"QUEUED": "RUNNING FAILED", "RUNNING": "RUNNING READY FAILED", "READY": "READY EXPIRED"}),
    "Erasure": ("RUNNING", {"RUNNING": "DONE"}),
    "Rectification": ("OPEN", {"OPEN": "ACCEPTED REFUSED"}),
}
MACHINES = machines_of("identity")


MADE: dict[str, Callable[[], models.Model]] = {
    "Proxy": lambda: ProxyFactory(patient=UserFactory()),
    "PatientMerge": PatientMergeFactory,
    "Export": lambda: ExportFactory(user=UserFactory()),
    "Erasure": lambda: ErasureFactory(user=UserFactory()),
    "Rectification": lambda: RectificationFactory(user=UserFactory()),
}


def test_every_machine_is_specified() -> None:
    assert set(MACHINES) == set(SPECIFIED)


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_machine_is_the_specified_one(name: str) -> None:
    is_as_specified(MACHINES[name], SPECIFIED[name])


@pytest.mark.parametrize("name", SPECIFIED)
def test_a_row_takes_every_step_of_its_table_and_no_other(name: str) -> None:
    takes_every_step_and_no_other(MADE[name](), SPECIFIED[name])


@pytest.mark.parametrize("state", ProxyState)
def test_a_permission_begins_offered_or_with_a_guardian_who_waits_and_in_no_other_state(state: ProxyState) -> None:
    if state in ("OFFERED", "ATTESTED"):
        assert PROXY.opening(state) == state
        return
    with pytest.raises(ValueError, match=f"nothing begins as {state}"):
        PROXY.opening(state)
