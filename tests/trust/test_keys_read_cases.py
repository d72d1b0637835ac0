"""A service key reads the one case that a scope of it names, writes nothing, and stands in the patient's ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.models import AuditEntry
from config.kernel import clock
from identity import services as identity
from tests.cases.support import Story, by
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def key_for(*stories: Story) -> str:
    maker = make_person("administrator")
    with by(maker):
        made = identity.create_service_key(
            principal=maker,
            name="Registry bridge",
            scopes=["notify", *(f"cases:read:{story.id}" for story in stories)],
            networks=["127.0.0.0/8"],
            expires_at=clock.now() + timedelta(days=30),
        )
    return made.secret


def asked(secret: str, path: str, method: str = "GET", body: Any = None) -> Any:
    return ApiClient().send(method, path, body, headers={"Authorization": f"Api-Key {secret}"})


def test_the_named_case_opens_and_no_other() -> None:
    story, other = Story().in_review(), Story().in_review()
    secret, document, foreign = key_for(story), story.put_document(), other.put_document()
    page = asked(secret, f"/cases/{story.id}")
    assert (page.status_code, page.json()["relation"]) == (200, "key")
    assert page.json()["intake"]["history"]
    opened = (f"/cases/{story.id}/history", f"/cases/{story.id}/documents", f"/documents/{document.id}")
    assert [asked(secret, path).status_code for path in opened] == [200, 200, 200]
    shut = (f"/cases/{other.id}", f"/cases/{other.id}/history", f"/documents/{foreign.id}")
    assert [asked(secret, path).status_code for path in shut] == [404, 404, 404]


def test_a_key_without_the_scope_sees_no_case() -> None:
    story = Story().in_review()
    assert asked(key_for(), f"/cases/{story.id}").status_code == 404


def test_a_reading_scope_writes_nothing() -> None:
    story = Story().in_review()
    secret = key_for(story)
    for method, path, body in (
        ("PATCH", f"/cases/{story.id}/status", {"to": "CANCELLED", "reason": "no"}),
        ("POST", f"/cases/{story.id}/messages", {"text": "Hello"}),
        ("PUT", f"/cases/{story.id}", {"title": "x"}),
    ):
        assert asked(secret, path, method, body).status_code == 403, path
    assert asked(secret, f"/cases/{story.id}/transitions").json() == []
    assert story.state == "IN_REVIEW"


def test_each_reading_names_the_key_in_the_patients_ledger() -> None:
    story = Story().in_review()
    assert asked(key_for(story), f"/cases/{story.id}").status_code == 200
    entry = AuditEntry.objects.get(action="case.read", object_id=story.id, actor_kind="service")
    assert entry.patient_id == story.patient.user_id
    assert entry.actor_id is not None
