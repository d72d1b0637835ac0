"""Requests that nobody would send, to every operation as everybody: never a 5xx, never an undocumented answer.

``SOP_FUZZ`` sets how many requests each role sends in all, spread over the operations.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.kernel.auth import Principal
from config.kernel.auth.tokens import encode_access
from tests.authorization.world import World, undone

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROLES = ("AN", "PO", "PU", "PA", "PR", "SS", "SA")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REQUESTS = int(os.environ.get("SOP_FUZZ", "1000"))
HALF = 2


class Server(WSGIHandler):
    """Ends each answer as a server does: uploads' temporary files are closed."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        response = super().__call__(environ, start_response)
        try:
            return [b"".join(response)]
        finally:
            response.close()


class Attack:
    """One role's requests: what was sent, and what went wrong."""

    def __init__(self, role: str) -> None:
        world = World()
        who = world.person(role)
        self.headers = {"Authorization": f"Bearer {encode_access(who)[0]}"} if isinstance(who, Principal) else {}
        # Ids that exist, so that requests get further than "not found".
        self.ids = [str(world[name]) for name in ("c", "draft", "signed", "doc", "p", "n")]
        self.sent: Counter[int] = Counter()
        self.faults: dict[str, str] = {}

    def on(self, operation: Any, *, mode: GenerationMode, examples: int, number: int) -> None:
        """Send generated requests to one operation; each is undone, so that all meet the same world."""

        def send(case: Any) -> None:
            self.send(f"{operation.method.upper()} {operation.path}", case)

        attack = given(case=operation.as_strategy(generation_mode=mode))(send)
        quiet = how(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(number)(quiet(attack))()
        except Unsatisfiable:
            # Where every text is right (a secret in a path, an optional header), nothing wrong can be made.
            if mode is GenerationMode.POSITIVE:
                raise

    def send(self, name: str, case: Any) -> None:
        turn = self.sent.total()
        for key in case.path_parameters or {}:
            if key.endswith("_id") and turn % 3:
                case.path_parameters[key] = self.ids[turn % len(self.ids)]
        with undone():
            response = case.call(headers=self.headers)
        self.sent[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except (FailureGroup, AssertionError) as fault:
            self.faults.setdefault(f"{name} {response.status_code}", str(fault))


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """As Django's own test client does: the end of a request closes no connection of the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ROLES)
def test_no_request_breaks_the_server_or_gets_an_undocumented_answer(role: str, settings: Any) -> None:
    settings.API_DOCUMENTATION_OPEN = True
    # Limits would answer in the place of what is asked.
    settings.RATE_LIMITS_SCALE = 1_000_000
    schema = schemathesis.openapi.from_wsgi("/api/schema", Server(), headers={"Accept": "application/json"})
    operations = [found.ok() for found in schema.get_all_operations()]
    attack, examples = Attack(role), max(1, REQUESTS // len(operations) // HALF)
    for number, operation in enumerate(operations):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            attack.on(operation, mode=mode, examples=examples, number=number)
    assert not attack.faults, f"{attack.sent}\n" + "\n\n".join(f"== {k}\n{v[:900]}" for k, v in attack.faults.items())
