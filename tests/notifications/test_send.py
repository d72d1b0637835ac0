"""Programs and staff write to one person, under a reference of their own, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from config.kernel import clock
from config.kernel.jobs.execution import run_job
from config.kernel.privacy.erasure import erase_rows
from config.kernel.privacy.retention import apply_rules
from identity import services as identity
from notifications.models import Delivery, Edition, Job, Notice, SendRequest
from notifications.services.send import allowances
from tests.client import ApiClient
from tests.factories import make_account, make_person
from tests.notifications.support import key_that_notifies
from tests.notifications.templates_in_force import VALUES, publish_template

pytestmark = pytest.mark.django_db
ADDRESS = "/notifications/send"


@pytest.fixture(autouse=True)
def _template() -> None:
    publish_template()


@pytest.fixture
def program() -> dict[str, str]:
    """The header of a program's key."""
    return key_that_notifies()


def _body(maria: identity.AccountDTO, **changes: Any) -> dict[str, Any]:
    return {"user_id": str(maria.id), "template": "autumn_news", "values": VALUES, "reference": "A-1"} | changes


def _send(headers: dict[str, str], body: dict[str, Any], key: str | None = None) -> Any:
    return ApiClient().post(ADDRESS, body, headers={**headers, "Idempotency-Key": key or uuid4().hex})


def _cancel(headers: dict[str, str], message_id: str) -> int:
    return int(ApiClient().delete(f"/notifications/{message_id}/schedule", headers=headers).status_code)


def test_a_message_is_taken_and_its_rows_are_there(program: dict[str, str], maria: identity.AccountDTO) -> None:
    answer = _send(program, _body(maria))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["template"]) == ("SENT", {"code": "autumn_news", "version": 1})
    assert [(one["channel"], one["state"]) for one in told["deliveries"]] == [("email", "QUEUED")]
    notice = Notice.objects.get()
    assert (notice.user_id, notice.template, notice.values) == (maria.id, "autumn_news", VALUES)
    assert str(Delivery.objects.get().id) == told["deliveries"][0]["id"]


def test_the_same_again_is_told_again_and_not_sent_again(program: dict[str, str], maria: identity.AccountDTO) -> None:
    first = _send(program, _body(maria))
    again = _send(program, _body(maria))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Notice.objects.count() == Delivery.objects.count() == SendRequest.objects.count() == 1
    other = _send(program, _body(maria, values={"count": 4}))
    assert (other.status_code, other.json()["code"]) == (409, "reference_used")


def test_a_reference_is_its_senders_own(program: dict[str, str], maria: identity.AccountDTO) -> None:
    assert _send(program, _body(maria)).status_code == 201
    staff = ApiClient(make_person("coordinator"))
    answer = staff.post(ADDRESS, _body(maria), headers={"Idempotency-Key": "1"})
    assert answer.status_code == 201
    assert Notice.objects.count() == 2


def test_a_reference_outlives_the_notice_and_the_person(program: dict[str, str], maria: identity.AccountDTO) -> None:
    assert _send(program, _body(maria)).status_code == 201
    with clock.shifted(timedelta(days=500)):
        apply_rules("notifications")
    row = SendRequest.objects.get()
    assert (row.user_id, row.values, Notice.objects.count()) == (None, {}, 0)
    assert _send(program, _body(maria)).status_code == 200
    assert _send(program, _body(maria, values={"count": 4})).status_code == 409
    assert not Notice.objects.exists()
    other = make_account("patient")
    assert _send(program, _body(other, reference="A-2")).status_code == 201
    erase_rows("notifications", other.id)
    assert not SendRequest.objects.filter(user_id=other.id).exists()
    assert _send(program, _body(other, reference="A-2")).status_code == 200


def test_every_fault_is_said_at_once(program: dict[str, str], maria: identity.AccountDTO) -> None:
    body = _body(
        maria,
        user_id=str(uuid4()),
        values={"count": "three", "name": "Maria"},
        channels=["email", "sms"],
        send_at="2020-01-01T00:00:00Z",
    )
    answer = _send(program, body)
    assert answer.status_code == 422, answer.content
    told = {fault["pointer"] for fault in answer.json()["errors"]}
    assert {"#/user_id", "#/channels/1", "#/send_at", "#/values/count"} <= told
    assert "Maria" not in answer.content.decode()
    unknown = _send(program, _body(maria, template="nothing"))
    assert [fault["pointer"] for fault in unknown.json()["errors"]] == ["#/template"]
    assert not SendRequest.objects.exists()


def test_a_key_is_asked_for(program: dict[str, str], maria: identity.AccountDTO) -> None:
    answer = ApiClient().post(ADDRESS, _body(maria), headers=program)
    assert (answer.status_code, answer.json()["code"]) == (400, "key_invalid")


@pytest.mark.parametrize("category", ["security", "legal"])
def test_programs_send_nothing_that_cannot_be_switched_off(
    program: dict[str, str], maria: identity.AccountDTO, category: str
) -> None:
    publish_template("always", category=category)
    body = _body(maria, template="always")
    refused = _send(program, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "category_forbidden")
    staff = ApiClient(make_person("administrator"))
    assert staff.post(ADDRESS, body, headers={"Idempotency-Key": "1"}).status_code == 201


def test_a_dry_run_tells_the_words_and_decisions_and_writes_nothing(
    program: dict[str, str], maria: identity.AccountDTO
) -> None:
    answer = _send(program, _body(maria, dry_run=True))
    assert answer.status_code == 200, answer.content
    channels = {one["channel"]: one for one in answer.json()["channels"]}
    assert set(channels) == {"in_app", "email"}
    assert channels["email"]["decision"] == "send"
    assert "3 new pages" in channels["email"]["text"]
    assert not SendRequest.objects.exists()
    assert not Notice.objects.exists()
    assert _send(program, _body(maria, dry_run=True, values={})).status_code == 422
    wrong = ApiClient().post(ADDRESS, _body(maria, dry_run=True))
    assert wrong.status_code == 401


def test_a_message_for_later_waits_for_its_time(program: dict[str, str], maria: identity.AccountDTO) -> None:
    later = clock.now() + timedelta(hours=3)
    told = _send(program, _body(maria, send_at=later.isoformat())).json()
    assert told["state"] == "SCHEDULED"
    assert {(one["channel"], one["id"]) for one in told["deliveries"]} == {("in_app", None), ("email", None)}
    assert not Notice.objects.exists()
    job = Job.objects.get(kind="notifications.send_scheduled")
    assert job.run_after == later
    _run(job)
    assert Notice.objects.get().user_id == maria.id
    assert SendRequest.objects.get().state == "SENT"


def test_a_message_for_later_is_taken_back_by_its_sender_alone(
    program: dict[str, str], maria: identity.AccountDTO
) -> None:
    later = (clock.now() + timedelta(hours=3)).isoformat()
    message_id = _send(program, _body(maria, send_at=later)).json()["id"]
    assert ApiClient(make_person("administrator")).delete(f"/notifications/{message_id}/schedule").status_code == 404
    assert _cancel(program, message_id) == _cancel(program, message_id) == 204
    _run(Job.objects.get(kind="notifications.send_scheduled"))
    assert not Notice.objects.exists()
    assert SendRequest.objects.get().state == "CANCELLED"


@pytest.mark.parametrize(
    ("state", "answer"), [("QUEUED", 204), ("HELD", 204), ("SENDING", 409), ("SENT", 409), ("UNCERTAIN", 409)]
)
def test_what_has_begun_to_leave_is_not_taken_back(
    program: dict[str, str], maria: identity.AccountDTO, state: str, answer: int
) -> None:
    message_id = _send(program, _body(maria)).json()["id"]
    Delivery.objects.update(state=state)
    assert _cancel(program, message_id) == answer
    assert Delivery.objects.get().state == ("CANCELLED" if answer == 204 else state)


def test_a_message_for_somebody_who_was_erased_is_not_sent(program: dict[str, str], maria: identity.AccountDTO) -> None:
    later = (clock.now() + timedelta(hours=3)).isoformat()
    _send(program, _body(maria, send_at=later))
    erase_rows("notifications", maria.id)
    _run(Job.objects.get(kind="notifications.send_scheduled"))
    assert SendRequest.objects.get().state == "CANCELLED"
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", ["patient", "professional", "nurse", "support", "privacy_officer", "medical_director"])
def test_nobody_else_writes_to_people(role: str, maria: identity.AccountDTO) -> None:
    client: ApiClient = ApiClient(make_person(role))
    assert client.post(ADDRESS, _body(maria), headers={"Idempotency-Key": "1"}).status_code == 403


def _run(job: Job) -> None:
    Job.objects.filter(id=job.id).update(run_after=clock.now() - timedelta(seconds=1))
    run_job("notifications", job.id)


def test_a_time_without_a_zone_is_refused_with_advice(program: dict[str, str], maria: identity.AccountDTO) -> None:
    when = f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
    answer = _send(program, _body(maria, send_at=when))
    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("#/send_at", "zone_missing")]
    assert _send(program, _body(maria, send_at=f"{when}+05:30")).status_code == 201


@pytest.mark.parametrize("reference", ["A\u202e1", "A\x071", "A\n1", "\u200bA", "A\ufeff"])
def test_a_reference_shows_all_that_it_is(program: dict[str, str], maria: identity.AccountDTO, reference: str) -> None:
    answer = _send(program, _body(maria, reference=reference))
    assert answer.status_code in (400, 422)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/reference"]
    assert not SendRequest.objects.exists()


def test_a_message_whose_template_was_retired_meanwhile_is_not_sent_and_says_why(
    program: dict[str, str], maria: identity.AccountDTO
) -> None:
    body = _body(maria, send_at=(clock.now() + timedelta(days=1)).isoformat())
    assert _send(program, body).json()["state"] == "SCHEDULED"
    Edition.objects.filter(code="autumn_news").update(state="RETIRED")
    _run(Job.objects.get())
    told = _send(program, body).json()
    assert (told["state"], {one["reason"] for one in told["deliveries"]}) == ("CANCELLED", {"template_retired"})
    assert not Notice.objects.exists()


def test_a_newer_version_of_its_template_keeps_no_message_back(
    program: dict[str, str], maria: identity.AccountDTO
) -> None:
    assert _send(program, _body(maria, send_at=(clock.now() + timedelta(days=1)).isoformat())).status_code == 201
    publish_template(in_app_text_en="Of another version: {{count}}.")
    _run(Job.objects.get())
    assert Notice.objects.get().template_version == 1


def test_one_person_of_staff_does_not_flood_people_with_notices(
    maria: identity.AccountDTO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "PER_HOUR", 3)
    monkeypatch.setattr(allowances, "PER_PERSON_AND_DAY", 2)
    coordinator = make_person("coordinator")
    others = [make_account("patient") for _ in range(2)]

    def send(person: identity.AccountDTO, reference: str) -> Any:
        body = _body(person, reference=reference, channels=["in_app"])
        return ApiClient(coordinator).post(ADDRESS, body, headers={"Idempotency-Key": uuid4().hex})

    sent = [send(maria, f"A-{number}") for number in range(3)]
    assert [one.status_code for one in sent] == [201, 201, 429]
    assert (sent[2].json()["code"], int(sent[2]["Retry-After"]) > 3600) == ("too_many_messages", True)
    assert [send(one, str(one.id)).status_code for one in others] == [201, 429]
    # The same message again is no further one; and a day later there is room.
    assert send(maria, "A-1").status_code == 200
    SendRequest.objects.update(created_at=clock.now() - timedelta(days=1, seconds=1))
    assert send(maria, "A-9").status_code == 201
