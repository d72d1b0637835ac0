"""The lines of the platform's first plan, asked over HTTP as a program and a person ask them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from identity import services as identity
from notifications.models import Campaign, Notice
from tests.client import ApiClient
from tests.factories import make_person, principal_for
from tests.notifications.support import key_that_notifies
from tests.notifications.templates_in_force import VALUES, publish_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> dict[str, str]:
    """The header of a key with the scope to notify."""
    return key_that_notifies()


def test_a_program_sends_with_its_key_and_reads_what_it_may_send(
    key: dict[str, str], maria: identity.AccountDTO
) -> None:
    publish_template()
    program = ApiClient()
    listed = program.get("/templates", headers=key)
    assert listed.status_code == 200
    assert "autumn_news" in listed.content.decode()
    body = {"user_id": str(maria.id), "template": "autumn_news", "values": VALUES, "reference": "visit-17"}
    sent = program.post("/notifications/send", body, headers={**key, "Idempotency-Key": "visit-17"})
    assert sent.status_code == 201, sent.content
    assert Notice.objects.get().user_id == maria.id


def test_a_person_reads_what_they_were_sent_and_says_how_they_want_it(
    key: dict[str, str], maria: identity.AccountDTO
) -> None:
    publish_template()
    body = {"user_id": str(maria.id), "template": "autumn_news", "values": VALUES, "reference": "visit-18"}
    ApiClient().post("/notifications/send", body, headers={**key, "Idempotency-Key": "visit-18"})
    person = ApiClient(principal_for(maria))
    shown: list[dict[str, Any]] = person.get("/notifications").json()["results"]
    assert len(shown) == 1
    preferences = person.get("/preferences")
    assert preferences.status_code == 200
    changed = person.put("/preferences", preferences.json(), headers={"If-Match": preferences["ETag"]})
    assert changed.status_code == 200, changed.content


def test_staff_plan_a_campaign(author_body: dict[str, Any]) -> None:
    publish_template()
    made = ApiClient(make_person("administrator")).post("/campaigns", author_body)
    assert made.status_code == 201, made.content
    assert Campaign.objects.get().state == "DRAFT"


@pytest.fixture
def author_body() -> dict[str, Any]:
    """For all patients, tomorrow at nine where each of them is."""
    return {
        "name": "Autumn news",
        "template": "autumn_news",
        "channels": ["email"],
        "values": VALUES,
        "audience": {"roles": ["patient"]},
        "starts_at": f"{clock.now() + timedelta(days=2):%Y-%m-%dT09:00}",
        "zone": "recipient",
        "per_minute": 600,
    }


@pytest.mark.parametrize("path", ["/notifications", "/preferences", "/campaigns"])
def test_a_key_that_may_notify_reads_nobodys_notices(key: dict[str, str], path: str) -> None:
    assert ApiClient().get(path, headers=key).status_code == 403
