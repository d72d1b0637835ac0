"""A stranger cannot tell somebody else's id from an invented one: same status, same words, same statements.

Every operation with an id in its address (its query, its body) is asked twice: with the ids of another patient's
things, and with ids that nothing has; where an address holds several, also with one of these inside an own case.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from string import Formatter
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from config.kernel.auth.sessions import SessionState, keep_known
from tests.authorization.rows import ELSEWHERE, ROWS, Row
from tests.authorization.test_matrix import ask
from tests.authorization.test_routes import addresses, known
from tests.authorization.world import ALIASES, World, service_client, undone
from tests.client import ApiClient

pytestmark = pytest.mark.django_db
# Whose column says what a stranger of this role gets. Staff are strangers to nobody's case.
STRANGERS = {"PO": "OP", "PA": "PU", "PR": "PU", "SV": "SV"}
REFUSED = frozenset("134B")
NAMES = {"case_id": "imaged", "upload_id": "upload", "submission_id": "submission", "number": "frame"}
TUS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
STOW = b"--b\r\nContent-Type: application/dicom\r\n\r\nx\r\n--b--\r\n"
# What the routes without a row of the matrix take: content type, headers, body.
TAKEN: dict[str, tuple[str, dict[str, str], bytes]] = {
    "imports/fhir": ("application/fhir+json", {}, b'{"resourceType":"Bundle","type":"collection","entry":[]}'),
    "imports/ccda": ("application/xml", {}, b"<ClinicalDocument/>"),
    "documents/tus": ("application/offset+octet-stream", TUS, b"x"),
    "dicomweb/studies": ('multipart/related; type="application/dicom"; boundary=b', {}, STOW),
    "submissions": ("application/json", {}, b"{}"),
}
# The secret is the address.
BY_SECRET = {"GET /api/v1/calendars/<str:secret>.ics"}


@dataclass(frozen=True)
class Answer:
    """``words`` are without the request's own id and the ids asked for, ``statements`` without values."""

    status: int
    words: str
    statements: list[str]

    def told(self) -> str:
        detail = re.search(r'"detail":"([^"]*)"', self.words)
        return f"{self.status} {detail[1] if detail else self.words[:80]}"


class Ids:
    """What the names in a row's address and body stand for: some of one world, the others of another or invented."""

    def __init__(self, own: World, foreign: World | None, owned: frozenset[str]) -> None:
        self.own, self.foreign, self.owned = own, foreign, owned

    def __getitem__(self, name: str) -> Any:
        if name in self.owned:
            return self.own[name]
        return self.foreign[name] if self.foreign is not None else invented(self.own[name])


def invented(real: Any) -> Any:
    """An id of the same kind that nothing has."""
    if isinstance(real, UUID):
        return uuid4()
    return f"2.25.{uuid4().int}" if re.fullmatch(r"[\d.]+", str(real)) else f"{real}x"


def filled(value: Any, ids: Ids) -> Any:
    if isinstance(value, dict):
        return {key: filled(one, ids) for key, one in value.items()}
    return value.format_map(ids) if isinstance(value, str) else value


def names_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for one in value.values() for name in names_in(one)]
    return [name for _, name, _, _ in Formatter().parse(value) if name] if isinstance(value, str) else []


def rows() -> Iterator[Row]:
    """Those of the matrix, and one for every other route with an id."""
    yield from (row for row in ROWS if names_in(row.path) + names_in(row.body))
    for route in ELSEWHERE:
        method, _, address = route.partition(" ")
        if "<" in address and route not in BY_SECRET:
            path = re.sub(r"<\w+:(\w+)>", lambda found: f"{{{NAMES.get(found[1], found[1])}}}", address)
            yield Row(route, method, path.replace("{frame}", "1"), "1 Y 4 4 4 4 4 4 4 4")


def sent(row: Row, client: ApiClient, ids: Ids) -> Any:
    path = filled(row.path, ids)
    taken = next((TAKEN[part] for part in TAKEN if row.name in ELSEWHERE and f"{part}/" in f"{row.path}/"), None)
    if taken is None or row.method == "GET":
        return ask(client, row.method, path, filled(row.body, ids))
    kind, headers, body = taken
    return client.client.generic(row.method, path, body, content_type=kind, headers=client._headers(headers))


def asked(row: Row, client: ApiClient, ids: Ids) -> Answer:
    if client.principal is not None:
        # Whether the session is asked about again now is a matter of time.
        assert client.principal.session_id
        keep_known(client.principal.session_id, SessionState(client.principal.session_version, math.inf), 60)
    with undone(), ExitStack() as stack:
        caught = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ALIASES]
        response = sent(row, client, ids)
        statements = [re.sub(r"'[^']*'|\b\d+\b|\{[^}]*\}", "?", query["sql"]) for one in caught for query in one]
    text = b"".join(response.streaming_content) if response.streaming else response.content
    words = re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "…", text.decode("utf-8", "replace"))
    return Answer(response.status_code, words, [one for one in statements if "SAVEPOINT" not in one])


def client_of(world: World, role: str) -> ApiClient:
    if role == "SV":
        return service_client()
    who = world.person(role)
    assert who
    return ApiClient(who)


def differences(row: Row, mine: World, other: World, clients: dict[str, ApiClient]) -> Iterator[str]:
    names = set(names_in(row.path) + names_in(row.body))
    for name in names:
        assert (mine[name], other[name]) != (None, None)
    for role, client in clients.items():
        if row.cell(STRANGERS[role]) in REFUSED:
            yield from compared(row, role, client, mine, other, frozenset())
        for name in names if len(names) > 1 and row.cell(role) != "-" else ():
            yield from compared(row, role, client, mine, other, frozenset(names) - {name})


def compared(row: Row, role: str, client: ApiClient, mine: World, other: World, owned: frozenset[str]) -> Iterator[str]:
    # Once before, so that what is kept in memory is there for both.
    asked(row, client, Ids(mine, None, owned))
    foreign, made_up = asked(row, client, Ids(mine, other, owned)), asked(row, client, Ids(mine, None, owned))
    if foreign.status < 300:
        # What this caller may see is not foreign to them.
        return
    where = f"{row.method} {row.path} as {role}, own: {sorted(owned)}"
    if (foreign.status, foreign.words) != (made_up.status, made_up.words):
        yield f"{where}: {foreign.told()} but {made_up.told()}"
    elif foreign.statements != made_up.statements:
        odd = set(foreign.statements) ^ set(made_up.statements)
        yield f"{where}: {len(foreign.statements)} statements but {len(made_up.statements)}: {[s[:160] for s in odd]}"


def test_foreign_and_invented_ids_get_the_same_answer_by_the_same_statements() -> None:
    mine, other, found = World(), World(), []
    clients = {role: client_of(mine, role) for role in STRANGERS}
    # An erasure that has begun forbids what other rows refer to.
    for row in sorted(rows(), key=lambda row: "{erased}" in row.path):
        found += differences(row, mine, other, clients)
    assert not found, f"{len(found)}:\n" + "\n".join(found)


def test_every_operation_with_an_id_is_asked() -> None:
    with_id = {f"{method} {address}" for method, address in addresses() if "<" in address}
    matrix = {f"{method} {address}" for method, address in known()}
    assert with_id - matrix - BY_SECRET == {row.name for row in rows() if row.name in ELSEWHERE}
