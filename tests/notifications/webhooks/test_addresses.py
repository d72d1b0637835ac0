"""Webhooks over HTTP: made, changed, tried, replayed and ended by administrators who proved that it is them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from config.kernel import clock
from notifications.models import HookDelivery, Webhook
from notifications.services.webhooks.webhooks import MAX_ROTATIONS
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NEW = {"url": "https://hooks.example.org/x", "name": "Warehouse", "events": ["cases.report.ready.v1"]}


@pytest.fixture
def admin(api: ApiClient) -> Any:
    return api.as_(make_person("administrator"))


def test_a_webhook_is_made_read_changed_and_ended_and_its_secret_shown_once(admin: Any) -> None:
    made = admin.post("/api/v1/webhooks", NEW)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    place = f"/api/v1/webhooks/{made.json()['id']}"
    read = admin.get(place)
    assert "secret" not in read.json()
    assert "secret" not in str(admin.get("/api/v1/webhooks").json())
    assert admin.send("PATCH", place, {"name": "y"}).status_code == 428
    changed = admin.patch(place, {"events": ["*"], "on": False}, headers={"If-Match": read["ETag"]})
    assert (changed.json()["events"], changed.json()["off_reason"]) == (["*"], "staff")
    assert admin.patch(place, {"on": True}, headers={"If-Match": read["ETag"]}).status_code == 412
    turned = admin.post(f"{place}/rotate")
    assert turned.json()["secret"] != made.json()["secret"]
    assert admin.delete(place).status_code == 204
    assert admin.get(place).status_code == 404
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "http://hooks.example.org/"}, "#/url"),
        ({"url": "https://127.0.0.1/"}, "#/url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "#/url"),
        ({"url": "https://hooks.example.org:22/"}, "#/url"),
        ({"url": "https://127.1/"}, "#/url"),
        ({"name": "W\u202eh"}, "#/name"),
        ({"events": ["cases.report.sung.v1"]}, "#/events"),
    ],
)
def test_what_could_never_be_sent_is_refused_with_the_field(admin: Any, change: Any, pointer: str) -> None:
    answer = admin.post("/api/v1/webhooks", NEW | change)
    assert answer.status_code in (400, 422)
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Webhook.objects.exists()


def test_an_address_has_one_webhook(admin: Any) -> None:
    assert admin.post("/api/v1/webhooks", NEW).status_code == 201
    assert admin.post("/api/v1/webhooks", NEW).status_code == 409


def test_a_test_stands_among_the_deliveries_page_by_page_and_is_replayed_by_its_id(admin: Any) -> None:
    place = f"/api/v1/webhooks/{admin.post('/api/v1/webhooks', NEW).json()['id']}"
    sent = [admin.post(f"{place}/test").json() for _ in range(3)]
    page = admin.get(f"{place}/deliveries?limit=2").json()
    rest = admin.get(page["next"]).json()
    assert [one["id"] for one in page["results"] + rest["results"]] == [one["id"] for one in reversed(sent)]
    assert rest["next"] is None
    HookDelivery.objects.filter(id=sent[0]["id"]).update(state="FAILED")
    assert admin.post(f"{place}/replay", {"delivery_ids": [sent[0]["id"]]}).json() == {"queued": 1}
    assert admin.post(f"{place}/replay", {"delivery_ids": [str(uuid4())]}).json() == {"queued": 0}
    assert admin.post(f"{place}/replay", {}).status_code in (400, 422)


def test_making_changing_and_ending_asks_for_a_fresh_proof(api: ApiClient) -> None:
    stale = api.as_(make_person("administrator", mfa=False))
    for answer in (
        stale.post("/api/v1/webhooks", NEW),
        stale.delete(f"/api/v1/webhooks/{uuid4()}"),
        stale.post(f"/api/v1/webhooks/{uuid4()}/rotate"),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize("role", ["patient", "coordinator", "support", "medical_director", "privacy_officer"])
def test_nobody_else_sees_that_there_are_any(api: ApiClient, role: str) -> None:
    other = api.as_(make_person(role))
    assert other.get("/api/v1/webhooks").status_code == 403
    assert other.post("/api/v1/webhooks", NEW).status_code == 403


def test_a_secret_is_changed_a_few_times_a_day_and_no_more(admin: Any) -> None:
    place = f"/api/v1/webhooks/{admin.post('/api/v1/webhooks', NEW).json()['id']}/rotate"
    answers = [admin.post(place) for _ in range(MAX_ROTATIONS + 1)]
    assert [one.status_code for one in answers] == [200] * MAX_ROTATIONS + [429]
    assert (answers[-1].json()["code"], int(answers[-1]["Retry-After"]) > 3600) == ("too_many_rotations", True)
    with clock.shifted(timedelta(days=1, seconds=1)):
        later = ApiClient(make_person("administrator"))
        assert later.post(place).status_code == 200
