"""Every route of the API, as strangers who hold the owner's real ids ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from identity import services as identity
from tests.authorization.row import Row
from tests.authorization.rows import ROWS
from tests.authorization.test_matrix import client_of, unconfirmed
from tests.authorization.test_routes import addresses
from tests.authorization.world import World, filled, undone
from tests.client import ApiClient

# Who has no business with the owner's case: nobody, another patient, a specialist who is not assigned, the owner's own
# account as it was before its address was confirmed, and a program's key without scopes.
STRANGERS = ("AN", "OP", "PU", "UC", "SV")
# Which thing of the owner's stands in a path, by the name that the route gives it. A new name: add it here.
THINGS: dict[str, str] = {
    "affiliation_id": "po",
    "archive_id": "archive",
    "campaign_id": "drafted",
    "case_id": "c",
    "change_id": "change",
    "claim_id": "claim",
    "device_id": "device",
    "document_id": "file",
    "entry_id": "entry",
    "evidence_id": "certificate",
    "export_id": "ready",
    "finding_id": "f",
    "flag_id": "flag",
    "follow_up_id": "followup",
    "instance": "instance",
    "key_id": "key",
    "licence_id": "licence",
    "message_id": "message",
    "notice_id": "n",
    "passkey_id": "passkey",
    "patient_id": "po",
    "professional_id": "p",
    "proxy_id": "proxy",
    "recheck_id": "recheck",
    "report_id": "report",
    "request_id": "wanted",
    "rereading_id": "rereading",
    "resource_id": "file",
    "review_id": "review",
    "run_id": "a",
    "series": "series",
    "session_id": "session",
    "study": "study",
    "submission_id": "submission",
    "upload_id": "po",
    "use_id": "glass",
    "user_id": "po",
    "webhook_id": "webhook",
}
# The same, where a name stands for something else in other paths.
THINGS_BELOW: dict[tuple[str, str], str] = {("templates", "code"): "tpl"}
WORDS = {"number": "1", "other": "1", "numbers": "1", "day": "1", "code": "letter", "purpose": "service"}
WORDS |= {"kind": "Patient", "secret": "made-up", "token": "made-up", "provider": "mailgun"}


@dataclass(frozen=True)
class Attempt:
    """One route with the owner's ids in it, and the body that its row of the matrix sends."""

    method: str
    route: str
    path: str
    body: Any

    @property
    def names_the_owner(self) -> bool:
        """Whether an id of the owner's stands in the address."""
        return any(_thing(name, self.route) for name in _names(self.route))


def attempts(world: World) -> Iterator[Attempt]:
    """Every operation, once."""
    bodies = {(row.method, _shape(row.path)): row.body for row in ROWS if isinstance(row, Row)}
    for method, route in sorted(set(addresses())):
        path = _filled_route(route, world)
        body = bodies.get((method, _shape(route.removeprefix("/api/v1"))))
        yield Attempt(method, route, path, filled(body, world) if method != "GET" else None)


def client_as(world: World, role: str) -> ApiClient:
    """The client of a stranger."""
    return unconfirmed(world) if role == "UC" else client_of(world, role)


def told_to(client: ApiClient, attempt: Attempt) -> tuple[int, str]:
    """The status, and what was said; nothing that the request did stays."""
    with undone():
        answer = client.send(attempt.method, attempt.path, attempt.body)
        content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, content.decode(errors="replace")


def canaries(world: World) -> tuple[str, ...]:
    """What only the owner's own things say."""
    address = identity.get_account(user_id=world.id_po).email
    return (address, str(world.id_po), str(world.story.id), str(world.id_file), str(world.id_doc))


def _names(route: str) -> list[str]:
    return re.findall(r"<\w+:(\w+)>", route)


def _thing(name: str, route: str) -> str | None:
    """Which thing of the owner's, or of the installation's, a name in a path stands for."""
    below = (thing for (part, called), thing in THINGS_BELOW.items() if called == name and f"/{part}/" in route)
    return next(below, THINGS.get(name))


def _filled_route(route: str, world: World) -> str:
    def value(found: re.Match[str]) -> str:
        thing = _thing(found[1], route)
        return str(world[thing]) if thing else WORDS[found[1]]

    return re.sub(r"<\w+:(\w+)>", value, route)


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}|<[^>]+>", "*", path.partition("?")[0])
