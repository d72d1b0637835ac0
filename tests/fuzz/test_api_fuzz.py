"""Requests that nobody would send, to every operation as everybody: never a 5xx, never an undocumented answer.

``SOP_FUZZ`` sets how many requests each role sends in all, spread over the operations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.attack import Attack, described

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROLES = ("AN", "PO", "PU", "PA", "PR", "SS", "SA")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REQUESTS = int(os.environ.get("SOP_FUZZ", "1000"))
HALF = 2


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
    operations = [found.ok() for found in described().get_all_operations()]
    attack, examples = Attack(role, CHECKS), max(1, REQUESTS // len(operations) // HALF)
    for number, operation in enumerate(operations):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            attack.on(operation, mode=mode, examples=examples, number=number)
    assert not attack.faults, attack.told()
