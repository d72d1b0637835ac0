"""Where two may write, nobody writes over what they have not read: 428 without a version, 412 with an old one."""

from __future__ import annotations

from typing import Any

import pytest

from config.kernel.api.declarations import declaration_of
from config.kernel.api.schema import Generator
from tests.authorization.test_unknown_names import EVERY
from tests.authorization.world import World, filled, undone
from tests.client import ApiClient

pytestmark = pytest.mark.django_db
C = "/api/v1/cases/{case_id}"
# How each is written: by whom, where its version is read, where it is changed, and a change that is taken.
WRITTEN: dict[str, tuple[str, str, str, Any]] = {
    f"PUT {C}": ("PO", "/cases/{draft}", "/cases/{draft}", {"title": "Second"}),
    f"PATCH {C}/status": ("PO", "/cases/{draft}", "/cases/{draft}/status", {"to": "C-DRAFT", "reason": "x"}),
    f"PUT {C}/intake": ("PO", "/cases/{draft}/intake", "/cases/{draft}/intake", {"answers": {}}),
    f"PUT {C}/opinion/draft": ("PA", "/cases/{c}/opinion/draft", "/cases/{c}/opinion/draft", {"summary": "Two."}),
    "POST /api/v1/analysis/findings/{finding_id}/decision": (
        "PA",
        "/insights/{c}",
        "/analysis/findings/{f}/decision",
        {"decision": "reject"},
    ),
    "PUT /api/v1/profile/me": ("PO", "/profile/me", "/profile/me", {"locale": "de"}),
    "PUT /api/v1/professionals/{professional_id}": (
        "PA",
        "/professionals/{p}",
        "/professionals/{p}",
        {"biography": "x"},
    ),
    "PUT /api/v1/preferences": ("PO", "/preferences", "/preferences", {"email": True}),
    "PUT /api/v1/notifications/preferences": (
        "PO",
        "/notifications/preferences",
        "/notifications/preferences",
        {"email": True},
    ),
    "PUT /api/v1/campaigns/{campaign_id}": ("SA", "/campaigns/{drafted}", "/campaigns/{drafted}", None),
    "PATCH /api/v1/webhooks/{webhook_id}": ("SA", "/webhooks/{webhook}", "/webhooks/{webhook}", {"on": False}),
    "PUT /api/v1/templates/{code}": ("SA", "/templates/{tpl}", "/templates/{tpl}", None),
    "POST /api/v1/templates/{code}/publish": ("SA", "/templates/{tpl}", "/templates/{tpl}/publish", None),
    "PATCH /api/v1/submissions/{submission_id}": ("AN", "/submissions/{submission}", "/submissions/{submission}", {}),
}
WITHOUT = {
    f"PUT {C}/opinion": "never changed",
    f"PUT {C}/checklist/{{code}}/document": "names one of two documents; the second answer stands",
    "PATCH /api/v1/documents/tus/{upload_id}": "Upload-Offset says what was there (tus 1.0)",
}


def test_every_change_in_place_asks_for_a_version_or_says_why_not() -> None:
    changes = {one.name for one in EVERY if one.method in ("PUT", "PATCH")}
    versioned = {one.name for one in EVERY if declaration_of(one.view, one.method).versioned}
    assert changes - versioned == set(WITHOUT)
    assert versioned == set(WRITTEN)


def test_the_documentation_says_what_is_asked_and_what_is_told() -> None:
    paths = Generator().get_schema(request=None, public=True)["paths"]
    for name in WRITTEN:
        method, path = name.split()
        operation = paths[path][method.lower()]
        asked = {one["name"]: one for one in operation["parameters"] if one["in"] == "header"}
        assert asked["If-Match"]["required"], name
        assert {"412", "428"} <= set(operation["responses"]), name
        told = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert all("ETag" in answer.get("headers", {}) for answer in told), name
    upload = paths["/api/v1/documents/tus/{upload_id}"]
    assert [method for method, one in upload.items() if "460" in one["responses"]] == ["patch"]
    assert upload["patch"]["responses"]["460"]["content"] == upload["patch"]["responses"]["409"]["content"]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_change_without_a_version_or_with_an_old_one_is_refused(name: str) -> None:
    world = World()
    role, read, address, body = WRITTEN[name]
    client = ApiClient(world.person(role))  # type: ignore[arg-type]  # nobody, for a submission
    headers = {}
    if "{submission}" in address:
        opened = client.post("/submissions").json()
        headers, read, address = {"Submission-Secret": opened["secret"]}, *[f"/submissions/{opened['id']}"] * 2
    read, address = filled(read, world), filled(address, world)
    method, tag = name.split()[0], _tag(client.get(read, headers=headers), address)
    answers = {}
    for sent in (None, '"999"', tag):
        with undone():
            said = headers | ({"If-Match": sent} if sent else {})
            answers[sent] = client.send(method, address, body, headers=said)
    assert answers[None].status_code == 428
    if body is not None:
        assert answers['"999"'].status_code == 412
        assert answers[tag].status_code in (200, 204), answers[tag].content


def _tag(read: Any, address: str) -> str:
    """Of what is read alone, its ETag; of one among several, its version."""
    if "/findings/" not in address:
        return str(read["ETag"])
    return next(f'"{one["version"]}"' for one in read.json()["findings"] if one["id"] in address)
