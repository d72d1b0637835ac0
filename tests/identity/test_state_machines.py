"""The machines of this context, written out a second time by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import models

from config.kernel import clock
from identity.domain.state_machines import PROXY, ProxyState
from identity.models import Erasure, Export, PatientMerge, Proxy, Rectification, User
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


def _user() -> User:
    return User.objects.create(email=f"{uuid4()}@example.org", password="!")


def _in_a_day() -> dict[str, object]:
    return {"ends_at": clock.now() + timedelta(days=1)}


MADE: dict[str, Callable[[], models.Model]] = {
    "Proxy": lambda: Proxy(patient=_user(), address_hash=b"hash", scopes="read", **_in_a_day()),
    "PatientMerge": lambda: PatientMerge(
        survivor=_user(),
        alias=_user(),
        likeness={},
        proposed_by=uuid4(),
        decided_by=uuid4(),
        expires_at=clock.now() + timedelta(days=1),
    ),
    "Export": lambda: Export(user=_user()),
    "Erasure": lambda: Erasure(user=_user(), requested_by=uuid4(), asked_at=clock.now()),
    "Rectification": lambda: Rectification(user=_user(), claim_sealed=b"sealed", due_at=clock.now()),
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
