"""STOP and START, as people answer them to a text message: signed by Twilio, once, and kept without the number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from notifications.domain.categories import ChannelName
from notifications.domain.deciding import SuppressionReason
from notifications.models import AuditEntry, InboxEntry, Suppression
from notifications.services.addresses import suppressions
from tests.notifications.provider_reports import NUMBER, TOKEN, URL, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.PUBLIC_URL, settings.TWILIO_AUTH_TOKEN = "https://x.example", TOKEN


def _reply(body: str, sid: str = "SMin1", **more: str) -> Any:
    fields = {"MessageSid": sid, "From": NUMBER, "Body": body, **more}
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}/inbound", fields)
    return post("twilio/inbound", urlencode(fields).encode(), X_Twilio_Signature=signature)


def _reasons() -> list[str]:
    return list(Suppression.objects.order_by("id").values_list("reason", flat=True))


@pytest.mark.parametrize("word", ["STOP", " stop ", "Stop.", "UNSUBSCRIBE", "quit"])
def test_stop_ends_text_messages_to_a_number_and_start_lifts_it(db, word):
    assert _reply(word, "SM1").status_code == 204
    assert _reasons() == ["stop"]
    assert suppressions.suppressed(channel=ChannelName.SMS, hashes=[suppressions.address_hash("sms", NUMBER)])
    assert _reply("Start", "SM2").status_code == 204
    assert _reasons() == []
    assert NUMBER not in str(list(AuditEntry.objects.values())) + str(list(InboxEntry.objects.values()))


def test_the_word_that_the_service_heard_counts_and_other_words_do_not(db):
    assert _reply("Bitte keine mehr", OptOutType="STOP").status_code == 204
    assert _reasons() == ["stop"]
    for sid, words in (("SM3", "Please start again"), ("SM4", "HELP"), ("SM5", "")):
        assert _reply(words, sid).status_code == 204
    assert _reasons() == ["stop"]


def test_an_old_start_that_comes_again_undoes_no_stop_after_it(db):
    for word, sid in (("STOP", "SM1"), ("START", "SM2"), ("STOP", "SM3"), ("START", "SM2")):
        assert _reply(word, sid).status_code == 204
    assert _reasons() == ["stop"]


def test_start_lifts_nothing_but_what_stop_made(db):
    suppressions.suppress(channel="sms", reason=SuppressionReason.MANUAL, address=NUMBER)
    assert _reply("START").status_code == 204
    assert _reasons() == ["manual"]


def test_start_leaves_what_staff_decided_before_the_stop(db):
    suppressions.suppress(channel="sms", reason=SuppressionReason.MANUAL, address=NUMBER)
    assert _reply("STOP", "SM1").status_code == 204
    assert _reasons() == ["stop"]
    assert _reply("START", "SM2").status_code == 204
    assert _reasons() == ["manual"]


def test_of_forged_answers_none_is_taken(db):
    fields = {"MessageSid": "SM1", "From": NUMBER, "Body": "STOP"}
    body = urlencode(fields).encode()
    of_reports = RequestValidator(TOKEN).compute_signature(URL, fields)
    of_another = RequestValidator(TOKEN).compute_signature(f"{URL}/inbound", {**fields, "From": "+4915100000000"})
    for signature in ("", of_reports, of_another):
        assert post("twilio/inbound", body, X_Twilio_Signature=signature).status_code == 403
    assert not Suppression.objects.exists()
