"""Routes × roles with the owner's real ids: strangers change nothing, and are told nothing of the owner's.

``HOSTILE=all`` asks every route as every stranger; the suite asks every route as two of them, and a third of the routes
as the others.
"""

from __future__ import annotations

import os

import pytest

from tests.authorization.world import World
from tests.hostile.routes import STRANGERS, THINGS, WORDS, Attempt, attempts, canaries, client_as, told_to

pytestmark = pytest.mark.django_db
ALL = os.environ.get("HOSTILE") == "all"
# Operations that are open to whoever brings no id of the owner's, or where the id names something public.
OPEN = (
    "GET /api/v1/professionals/<uuid:professional_id>",
    "GET /api/v1/professionals/<uuid:professional_id>/stats/public",
    "GET /api/v1/reviews/<uuid:professional_id>",
)


def test_strangers_with_the_owners_ids_get_nothing_and_change_nothing() -> None:
    world, faults, asked = World(), {}, 0
    every = list(attempts(world))
    secrets = canaries(world)
    for number, role in enumerate(STRANGERS):
        client = client_as(world, role)
        for place, attempt in enumerate(every):
            if not ALL and role not in ("OP", "UC") and place % 3 != number % 3:
                continue
            asked += 1
            if fault := _fault(role, attempt, *told_to(client, attempt), secrets):
                faults[f"{role} {attempt.method} {attempt.route}"] = fault
    print(f"\n{asked} attempts over {len(every)} operations, {len(faults)} faults")
    assert not faults


def test_every_name_in_a_path_stands_for_something() -> None:
    world_names = set(THINGS) | set(WORDS)
    import re

    from tests.authorization.test_routes import addresses

    named = {name for _, route in addresses() for name in re.findall(r"<\w+:(\w+)>", route)}
    assert named <= world_names


def _fault(role: str, attempt: Attempt, status: int, text: str, secrets: tuple[str, ...]) -> str:
    """What is wrong with an answer to a stranger, or nothing."""
    if status >= 500:
        return f"{status}"
    if status >= 400:
        return ""
    if role == "UC":
        return f"{status}: an account that nobody confirmed is answered"
    told = [secret for secret in secrets if secret in text]
    if told:
        return f"{status} tells {told}"
    known = f"{attempt.method} {attempt.route}" in OPEN
    return f"{status} for the owner's id: {text[:120]}" if attempt.names_the_owner and not known else ""
