"""A number is proved by the code that was sent there; guesses, repeats and floods end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import orjson
import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.jobs.execution import run_job
from identity import services as identity
from identity.models import PhoneVerification
from notifications.domain.phone_code_texts import phone_code_text
from notifications.domain.text_segments import segments
from notifications.models import Job
from notifications.services.addresses.phone_codes import PHONE_CODE_KIND
from notifications.services.addresses.suppressions import address_hash, suppress
from tests.client import ApiClient
from tests.factories import make_account, principal_for

pytestmark = pytest.mark.django_db
NUMBER = "+4915112345678"


@pytest.fixture
def sent(settings: Any, tmp_path) -> Any:
    settings.MESSAGE_SINK_DIR = str(tmp_path)
    file = tmp_path / "sms.jsonl"
    return lambda: [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


@pytest.fixture
def me(maria) -> ApiClient:
    return ApiClient(principal_for(maria))


def _ask(me: ApiClient, number: str = NUMBER) -> Any:
    answer = me.post("/profile/phone/verify", {"number": number})
    drain()
    return answer


def _code(message: dict[str, Any]) -> str:
    return re.search(r"\d{6}", message["text"])[0]


def test_a_number_is_proved_by_its_code_and_sealed(me, maria, sent):
    assert me.get("/profile/phone").json() == {"number": "", "confirmed_at": None}
    assert _ask(me, "+49 151 12345678").status_code == 202
    (message,) = sent()
    assert message["to"] == NUMBER
    assert me.get("/profile/phone").json()["number"] == ""
    assert identity.contacts(user_ids=[maria.id])[maria.id].phone is None
    answer = me.post("/profile/phone/confirm", {"code": _code(message)})
    assert (answer.status_code, answer.json()["number"]) == (200, NUMBER)
    assert identity.contacts(user_ids=[maria.id])[maria.id].phone == NUMBER
    row = PhoneVerification.objects.get()
    assert NUMBER.encode() not in bytes(row.number_sealed)
    assert row.code_hash is None
    assert me.post("/profile/phone/confirm", {"code": _code(message)}).json()["code"] == "no_code_waiting"
    assert me.delete("/profile/phone").status_code == 204
    assert identity.contacts(user_ids=[maria.id])[maria.id].phone is None


def test_the_next_number_takes_the_place_of_the_first(me, maria, sent):
    for number in (NUMBER, "+34612345678"):
        _ask(me, number)
        assert me.post("/profile/phone/confirm", {"code": _code(sent()[-1])}).status_code == 200
    assert identity.contacts(user_ids=[maria.id])[maria.id].phone == "+34612345678"


def test_five_wrong_codes_end_it_and_the_right_one_is_too_late(me, sent):
    _ask(me)
    right = _code(sent()[0])
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        assert me.post("/profile/phone/confirm", {"code": wrong}).status_code == 400
    assert me.post("/profile/phone/confirm", {"code": right}).status_code == 400
    assert me.get("/profile/phone").json()["number"] == ""


def test_a_code_ends_after_ten_minutes_and_with_the_next_one(me, sent, time_machine):
    _ask(me)
    _ask(me)
    first, second = map(_code, sent())
    if first != second:
        assert me.post("/profile/phone/confirm", {"code": first}).status_code == 400
    time_machine.move_to(clock.now() + timedelta(minutes=11), tick=False)
    assert me.post("/profile/phone/confirm", {"code": second}).status_code == 400


def test_of_many_asked_for_three_are_sent(me, sent):
    answers = [_ask(me).status_code for _ in range(12)]
    assert answers == [202] * 3 + [429] * 9
    # Nor from other accounts to the same number.
    assert _ask(ApiClient(principal_for(make_account("patient")))).status_code == 429
    assert len(sent()) == 3


@pytest.mark.parametrize("number", ["110", "+49 30 1234567", "+49 900 1234567", "maria", "+1 0151"])
def test_what_takes_no_messages_is_refused(me, sent, number):
    answer = me.post("/profile/phone/verify", {"number": number})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/number")
    assert not PhoneVerification.objects.exists()


def test_where_no_messages_are_sent_it_says_so(me):
    answer = me.post("/profile/phone/verify", {"number": NUMBER})
    assert (answer.status_code, answer.json()["code"]) == (409, "channel_off")


def test_a_job_that_dies_sends_no_second_message(me, sent):
    me.post("/profile/phone/verify", {"number": NUMBER})
    drain()
    job = Job.objects.get(kind=PHONE_CODE_KIND)
    Job.objects.filter(id=job.id).update(state="QUEUED", tries=1, lease_until=None)
    run_job("notifications", job.id)
    assert len(sent()) == 1


def test_whoever_proves_a_number_wants_messages_there_again(me, maria, sent):
    from notifications.db import atomic
    from notifications.models import Suppression

    with atomic():
        suppress(channel="sms", reason="stop", address=NUMBER)
    _ask(me)
    me.post("/profile/phone/confirm", {"code": _code(sent()[0])})
    drain()
    assert not Suppression.objects.filter(address_hash=address_hash("sms", NUMBER)).exists()


def test_no_number_and_no_code_is_in_a_job_an_event_or_an_audit_row(me, sent):
    from identity.models import AuditEntry, OutboxEntry

    _ask(me)
    code = _code(sent()[0])
    rows = [*AuditEntry.objects.values(), *OutboxEntry.objects.values(), *Job.objects.values()]
    assert not any(secret in str(rows) for secret in (NUMBER, "15112345678", f"'{code}'"))


def test_a_numbers_key_gone_it_is_nobodys(me, maria, sent):
    _ask(me)
    me.post("/profile/phone/confirm", {"code": _code(sent()[0])})
    identity.destroy_keys(subject_id=maria.id)
    assert maria.id not in identity.contacts(user_ids=[maria.id])
    assert identity.verified_phones(user_ids=[maria.id]) == {}


@pytest.mark.parametrize("locale", ["en", "de", "es", "fr"])
def test_the_text_is_one_segment(locale):
    assert segments(phone_code_text("123456", locale)) == 1
