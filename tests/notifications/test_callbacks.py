"""What providers report: proved or refused, in any order and as often as it comes, with no address kept of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from twilio.request_validator import RequestValidator

from notifications.adapters import sns_signature
from notifications.models import Delivery, DeliveryEvent, Suppression
from tests.notifications.provider_reports import (
    BASIC,
    MAILBOX,
    NUMBER,
    SID,
    TOKEN,
    URL,
    nothing_kept,
    post,
    sent,
    state,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.PUBLIC_URL, settings.TWILIO_AUTH_TOKEN = "https://x.example", TOKEN
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": "hooks:opensesame",
        "MAILGUN_API_KEY": "k",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "signing",
    }


@pytest.fixture
def text(db) -> Delivery:
    return sent("sms", "twilio", SID)


@pytest.fixture
def mail(db) -> Delivery:
    return sent("email", "mailgun", "<mg-1@x>")


def _twilio(delivery: UUID | str, status: str, **more: str) -> Any:
    fields = {"MessageSid": SID, "MessageStatus": status, "To": NUMBER, **more}
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}?delivery={delivery}", fields)
    return post(f"twilio?delivery={delivery}", urlencode(fields).encode(), X_Twilio_Signature=signature)


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "queued"])))
def test_a_text_message_ends_delivered_in_whatever_order_it_is_told(text, order):
    for status in [*order, *order]:
        assert _twilio(text.id, status).status_code == 204
    assert state(text) == "DELIVERED"
    assert DeliveryEvent.objects.filter(delivery=text, provider="twilio").count() == 2
    assert nothing_kept()


@pytest.mark.parametrize(
    ("code", "what", "kept"),
    [("30003", "undelivered", ""), ("30006", "bounced", "hard"), ("21610", "stopped", "stop"), ("", "undelivered", "")],
)
def test_what_a_failure_says_of_the_number_is_kept(text, code, what, kept):
    assert _twilio(text.id, "undelivered", ErrorCode=code).status_code == 204
    assert state(text) == "BOUNCED"
    assert list(DeliveryEvent.objects.filter(delivery=text).values_list("what", flat=True)) == [what]
    assert list(Suppression.objects.values_list("reason", flat=True)) == ([kept] if kept else [])


def test_a_report_is_known_by_the_providers_name_where_ours_is_not_with_it(text):
    fields = {"MessageSid": SID, "MessageStatus": "delivered"}
    signature = RequestValidator(TOKEN).compute_signature(URL, fields)
    assert post("twilio", urlencode(fields).encode(), X_Twilio_Signature=signature).status_code == 204
    assert state(text) == "DELIVERED"


def test_of_twenty_forged_reports_none_gets_through(text, mail, settings):
    fields = {"MessageSid": SID, "MessageStatus": "failed"}
    body, good = urlencode(fields).encode(), RequestValidator(TOKEN).compute_signature(URL, fields)
    other = RequestValidator("another").compute_signature(URL, fields)
    event = _mailgun("failed", mail, severity="permanent", reason="bounce")
    bad_event = orjson.dumps(
        orjson.loads(event) | {"signature": {"timestamp": "1", "token": "t", "signature": "0" * 64}}
    )
    json, report = "application/json", orjson.dumps([{"eventType": "x"}])
    answers = [
        post("twilio", body),
        post("twilio", body, X_Twilio_Signature=""),
        post("twilio", body, X_Twilio_Signature=other),
        post("twilio", body, X_Twilio_Signature=good[:-2]),
        post("twilio", body, X_Twilio_Signature=good.lower()),
        post("twilio", body + b"&ErrorCode=21610", X_Twilio_Signature=good),
        post("twilio", body.replace(b"failed", b"delivered"), X_Twilio_Signature=good),
        post(f"twilio?delivery={mail.id}", body, X_Twilio_Signature=good),
        post("twilio", b"", X_Twilio_Signature=good),
        post("twilio", b"\xff\xfe", X_Twilio_Signature=good),
        post("email/mailgun", bad_event, json, Authorization=BASIC),
        post("email/mailgun", event, json),
        post("email/mailgun", event, json, Authorization="Basic " + base64.b64encode(b"hooks:closed").decode()),
        post("email/mailgun", b"{}", json, Authorization=BASIC),
        post("email/mailgun", b"[", json, Authorization=BASIC),
        post("email/postmark", orjson.dumps({"RecordType": "Bounce"}), json),
        post("email/postmark", orjson.dumps({"RecordType": "Bounce"}), json, Authorization="Basic aG9va3M6"),
        post("email/azure", report, json),
        post("email/amazon_ses", _sns(None, "{}"), "text/plain", Authorization=BASIC),
        post("email/pigeon", event, json, Authorization=BASIC),
        post("email/smtp", event, json, Authorization=BASIC),
    ]
    settings.TWILIO_AUTH_TOKEN = ""
    empty = RequestValidator("").compute_signature(URL, fields)
    answers.append(post("twilio", body, X_Twilio_Signature=empty))
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "k"}
    answers.append(post("email/postmark", orjson.dumps({"RecordType": "Bounce"}), json))
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert {answer.json()["code"] for answer in answers} == {"signature_invalid"}
    assert (state(text), state(mail)) == ("SENT", "SENT")
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()


def _mailgun(event: str, delivery: Delivery | None, number: int = 1, **more: Any) -> bytes:
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(b"signing", (stamp + token).encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "id": f"E{number}-{event}",
        "timestamp": 1_796_000_000.0,
        "recipient": MAILBOX,
        "message": {"headers": {"message-id": "mg-1@x"}},
        "user-variables": {"delivery": str(delivery.id)} if delivery else {},
        "delivery-status": {"code": 550, "message": f"no such user {MAILBOX}", "bounce-type": "hard"},
        **more,
    }
    return orjson.dumps({"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data})


@pytest.mark.parametrize("named", [True, False])
def test_a_bounce_of_a_mail_is_kept_and_its_address_is_not(mail, named):
    body = _mailgun("failed", mail if named else None, severity="permanent", reason="bounce")
    for _ in range(3):
        assert post("email/mailgun", body, "application/json", Authorization=BASIC).status_code == 204
    assert state(mail) == "BOUNCED"
    assert DeliveryEvent.objects.get().what == "bounced"
    assert Suppression.objects.get().reason == "hard"
    assert nothing_kept()


def test_a_mail_provider_may_try_on_deliver_and_hear_a_complaint(mail):
    for event, more in (("failed", {"severity": "temporary"}), ("delivered", {}), ("opened", {}), ("complained", {})):
        body = _mailgun(event, mail, **more)
        assert post("email/mailgun", body, "application/json", Authorization=BASIC).status_code == 204
    told = list(DeliveryEvent.objects.order_by("id").values_list("what", flat=True))
    assert told == ["deferred", "delivered", "complained"]
    assert Suppression.objects.get().reason == "complaint"


@pytest.mark.parametrize(
    ("kind", "what"), [("HardBounce", "bounced"), ("SoftBounce", "undelivered"), ("SpamComplaint", "complained")]
)
def test_a_full_mailbox_is_no_reason_to_write_there_no_more(settings, kind, what):
    delivery = sent("email", "postmark", "pm-1")
    record = "SpamComplaint" if kind == "SpamComplaint" else "Bounce"
    body = {"RecordType": record, "Type": kind, "ID": 7, "MessageID": "pm-1", "Email": MAILBOX, "Metadata": {}}
    body |= {"BouncedAt": "2026-11-30T12:00:00Z", "Details": MAILBOX}
    assert post("email/postmark", orjson.dumps(body), "application/json", Authorization=BASIC).status_code == 204
    assert DeliveryEvent.objects.get(delivery=delivery).what == what
    assert Suppression.objects.exists() == (what != "undelivered")
    assert nothing_kept()


_KEY = rsa.generate_private_key(65537, 2048)


def _sns(delivery: Delivery | None, message: str, **more: Any) -> bytes:
    body = {
        "Type": "Notification",
        "MessageId": "m-1",
        "TopicArn": "arn:aws:sns:eu-central-1:1:t",
        "Message": message,
        "Timestamp": "2026-11-30T12:00:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
        **more,
    }
    text = "".join(f"{name}\n{body[name]}\n" for name in ("Message", "MessageId", "Timestamp", "TopicArn", "Type"))
    signature = _KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return orjson.dumps({"Signature": base64.b64encode(signature).decode(), **body})


def _ses(body: bytes, **headers: str) -> Any:
    kinds = {"X_Amz_Sns_Message_Type": "Notification", "X_Amz_Sns_Message_Id": "m-1", "Authorization": BASIC}
    return post("email/amazon_ses", body, "text/plain; charset=UTF-8", **(kinds | headers))


@pytest.mark.parametrize(("kind", "what"), [("Permanent", "bounced"), ("Transient", "undelivered")])
def test_amazons_reports_are_signed_by_amazon_and_bring_our_secret(monkeypatch, kind, what):
    delivery = sent("email", "amazon_ses", "ses-1")
    monkeypatch.setattr(sns_signature, "certificate_key", lambda url: _KEY.public_key())
    event = {
        "eventType": "Bounce",
        "mail": {"messageId": "ses-1", "destination": [MAILBOX], "headers": []},
        "bounce": {"bounceType": kind, "bounceSubType": "x", "bouncedRecipients": [{"emailAddress": MAILBOX}]},
    }
    body = _sns(delivery, orjson.dumps(event).decode())
    # Amazon sends the secret when it is asked for it.
    asked = post("email/amazon_ses", body, "text/plain")
    assert (asked.status_code, asked["WWW-Authenticate"]) == (401, 'Basic realm="callbacks"')
    assert (asked["Content-Type"], asked.json()["code"]) == ("application/problem+json", "not_authenticated")
    forged = [
        _sns(delivery, "{}", Signature="AAAA"),
        _sns(delivery, "{}", SigningCertURL="https://sns.eu-central-1.amazonaws.com.evil.example/a.pem"),
        _sns(delivery, "{}", SigningCertURL="https://evil.example/sns.eu-central-1.amazonaws.com.pem"),
        _sns(delivery, "{}", SigningCertURL="http://sns.eu-central-1.amazonaws.com/a.pem"),
        _sns(delivery, "{}", SignatureVersion="0"),
        body.replace(b"Permanent", b"Transient") if kind == "Permanent" else body.replace(b"Transient", b"Permanent"),
    ]
    assert [_ses(one).status_code for one in forged] == [403] * len(forged)
    assert not DeliveryEvent.objects.exists()
    for _ in range(2):
        assert _ses(body).status_code == 204
    assert DeliveryEvent.objects.get(delivery=delivery).what == what
    assert nothing_kept()


def test_azures_subscription_is_answered_and_its_reports_are_taken():
    mail = sent("email", "azure", "")
    text = sent("sms", "azure", "az-1")
    send = lambda rows: post("email/azure", orjson.dumps(rows), "application/json", Authorization=BASIC)  # noqa: E731  one name for four calls
    hello = [{"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "512d38b6"}}]
    assert send(hello).json() == {"validationResponse": "512d38b6"}
    reports = [
        {
            "id": "e1",
            "eventType": "Microsoft.Communication.EmailDeliveryReportReceived",
            "data": {"messageId": str(mail.id), "status": "Bounced", "recipient": MAILBOX},
        },
        {
            "id": "e2",
            "eventType": "Microsoft.Communication.SMSDeliveryReportReceived",
            "data": {"messageId": "az-1", "deliveryStatus": "Delivered", "to": NUMBER, "tag": str(text.id)},
        },
        {"id": "e3", "eventType": "Microsoft.Resources.ResourceWriteSuccess", "data": {}},
    ]
    for _ in range(2):
        assert send(reports).status_code == 204
    assert send("no list").status_code == 204
    assert (state(mail), state(text)) == ("BOUNCED", "DELIVERED")
    assert DeliveryEvent.objects.count() == 2
    assert nothing_kept()


def test_a_report_of_a_message_that_we_do_not_know_changes_nothing(db):
    assert _twilio("01990000-0000-7000-8000-000000000009", "delivered").status_code == 204
    assert not DeliveryEvent.objects.exists()


def test_no_more_than_a_megabyte_is_looked_at(db):
    assert post("twilio", b"a" * 1_000_001, X_Twilio_Signature="x").status_code == 413
    assert post("email/mailgun", b"a" * 1_000_001, "application/json").status_code == 413
