"""Every cell of the matrix, asked over the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.authorization.rows import ROWS, Row
from tests.authorization.world import ROLES, World, filled, service_client, undone
from tests.client import ApiClient

pytestmark = pytest.mark.django_db
EXPECTED = {"1": {401}, "3": {403}, "4": {404}, "9": {409}, "B": {403, 404}, "L": {302}}
GOOD = {200, 201, 202, 204}
# A delegate's cells are asked in tests/trust/test_proxies.py; here somebody without any delegation stands for one.
STANDS_FOR = {"DE": "OP"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_cell_of_a_row_is_as_written(row: Row, settings: Any) -> None:
    world, wrong = World(), {}
    path, body = filled(row.path, world), filled(row.body, world)
    case = filled(row.absent, world)
    for role in ROLES:
        cell = row.cell("OP" if role == "DE" else role)
        if cell == "-":
            continue
        client = client_of(world, role)
        # No role uses up another one's tries.
        settings.LIMITS_PREFIX = f"test:limit:{uuid4().hex}"
        with undone():
            response = ask(client, row.method, path, body, row.headers)
        if fault := _fault(cell, role, response, case):
            wrong[role] = fault
    with undone():
        response = ask(unconfirmed(world), row.method, path, body, row.headers)
    # One rule for every row: before its address is confirmed, an account is nobody, whatever is its own.
    if response.status_code not in {401} | EXPECTED.get(row.cell("AN"), GOOD):
        wrong["UC"] = f"{response.status_code} answered: {response.content[:160]!r}"
    assert not wrong, f"{row.method} {row.path}: {wrong}"


def client_of(world: World, role: str) -> ApiClient:
    if role == "SV":
        return service_client()
    who = world.person(STANDS_FOR.get(role, role))
    return ApiClient(who) if who else ApiClient()


def unconfirmed(world: World) -> ApiClient:
    """PO, with the token of an account whose address nobody has confirmed."""
    owner = world.person("PO")
    assert owner
    return ApiClient(replace(owner, email_verified=False))


def ask(client: ApiClient, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    if method == "UPLOAD":
        file = SimpleUploadedFile("a.txt", b"Some text.", content_type="text/plain")
        return client.upload(path, {**body, "file": file})
    # Who may not, may not with any version.
    return client.send(method, path, body, headers={"If-Match": "*", **(headers or {})})


def _fault(cell: str, role: str, response: Any, listed: str) -> str:
    """What is wrong with an answer, or nothing."""
    status = response.status_code
    expected = EXPECTED.get(cell, GOOD)
    if status not in expected:
        return f"{cell} expected, {status} answered: {response.content[:160]!r}"
    if listed and status == 200 and (listed in response.content.decode()) is not (cell in "YS"):
        return f"{cell} expected, the list says otherwise"
    return ""
