"""Before their own first read is sealed, no route serves the specialist a machine's or the first doctor's view."""

from __future__ import annotations

import re

import pytest

from analysis.models import Finding
from cases.models import FirstRead
from tests.authorization.rows import ROWS
from tests.authorization.test_matrix import ask
from tests.authorization.world import World, filled, undone
from tests.cases.support import INTAKE, Story
from tests.client import ApiClient
from tests.factories import make_person
from tests.factories.cases import FindingProjectionFactory

pytestmark = pytest.mark.django_db
# The taxonomy names procedures, of nobody.
OPENED = [row for row in ROWS if row.method == "GET" and row.cell("PA") in "YS" and row.name != "taxonomy"]
# The routes that serve nothing else, and so are shut as a whole.
SHUT = {
    "A2 read a released run",
    "A3 read an unreleased run",
    "A4 insights",
    "the first opinion",
    "what a newer reading changed",
}
# Cases of the same specialist whose first read stands.
FINISHED = ("id_signed", "id_after", "id_report")
FIRST_OPINION = (INTAKE["diagnosis"]["text"], INTAKE["diagnosis"]["icd10"], INTAKE["proposed_treatment"]["text"])


def test_no_route_tells_what_waits_for_the_first_read() -> None:
    world, shut, told = World(), set(), {}
    assert world.id_f
    words = [*FIRST_OPINION, *map(str, Finding.objects.filter(case_id=world.id_c).values_list("id", flat=True))]
    for row in OPENED:
        path, body = filled(row.path, world), filled(row.body, world)
        with undone():
            FirstRead.objects.filter(case_id=world.id_c).delete()
            response = ask(ApiClient(world.author), row.method, path, body)
            content = b"".join(response) if response.streaming else response.content
        if response.status_code == 423:
            shut.add(row.name)
        elif response.status_code == 200 and not any(str(world.__dict__.get(one)) in path for one in FINISHED):
            told[row.name] = [word for word in words if word.encode() in content]
    assert shut == SHUT
    assert {name: found for name, found in told.items() if found} == {}
    assert len(told) > 20


def test_no_step_tells_whether_findings_wait_before_the_first_read() -> None:
    """Neither that there are any nor how many, to nobody; afterwards the specialist is told."""
    story = Story().written()
    for _ in range(17):
        FindingProjectionFactory(case_id=story.id)
    read = FirstRead.objects.get(case_id=story.id)
    FirstRead.objects.filter(id=read.id).delete()
    author = ApiClient(story.author)
    for one in (story.author, story.patient, make_person("coordinator"), make_person("nurse")):
        for answer in _asked_for_steps(ApiClient(one), story.id):
            assert b"17" not in answer
            assert b"finding" not in answer
            assert b"ai_items" not in answer
    assert b"first_read_sealed" in _asked_for_steps(author, story.id)[0]
    read.save(force_insert=True)
    for answer in _asked_for_steps(author, story.id):
        assert b"17 machine finding(s)" in answer


def _asked_for_steps(api: ApiClient, case_id: object) -> list[bytes]:
    path = f"/cases/{case_id}"
    answers = [
        api.get(f"{path}/transitions"),
        api.patch(f"{path}/status", {"to": "PEER_REVIEW"}),
        api.post(f"{path}/opinion", {"action": "submit"}),
    ]
    # Ids are drawn, and may hold any digits.
    return [re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", b"", one.content) for one in answers]
