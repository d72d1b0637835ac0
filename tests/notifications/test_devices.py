"""Devices: a token is one person's at a time, sealed, and goes with the session it was registered in."""

from __future__ import annotations

import base64
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.privacy import exported_rows
from identity import services as identity
from notifications.adapters import public_addresses
from notifications.domain.categories import Category, ChannelName
from notifications.models import AuditEntry, Delivery, Device
from notifications.services import outgoing
from notifications.services.addresses import devices
from notifications.services.retention import RULES
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account
from tests.notifications.provider_cases import use_fcm
from tests.notifications.provider_server import ProviderServer, answer

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Message.token is deprecated")]
TOKEN = "dQw4w9WgXcQ:APA91bExampleOfAToken"


@pytest.fixture(autouse=True)
def _push(settings: Any) -> None:
    settings.FCM_CREDENTIALS = "{}"
    settings.VAPID_PRIVATE_KEY = base64.urlsafe_b64encode(b"\x07" * 32).decode().rstrip("=")
    settings.VAPID_SUBJECT = "mailto:ops@example.com"


class Signed:
    """Somebody in a session of theirs."""

    def __init__(self, account: identity.AccountDTO) -> None:
        self.account, self.api = account, ApiClient()
        body = {"email": account.email, "password": PASSWORD}
        self.headers = {"Authorization": f"Bearer {self.api.post('/auth/login', body).json()['access']}"}

    def __call__(self, method: str, path: str, json: Any = None) -> Any:
        return self.api.send(method, path, json, headers=self.headers)

    def addresses(self) -> list[str]:
        return list(devices.push_addresses(user_ids=[self.account.id]).get(self.account.id, ()))


@pytest.fixture
def maria() -> Signed:
    return Signed(make_account("patient"))


def _fcm(token: str = TOKEN) -> dict[str, Any]:
    return {"kind": "fcm", "token": token}


def _subscription(endpoint: str = "https://push.example/x/1") -> dict[str, Any]:
    point = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    keys = {"p256dh": base64.urlsafe_b64encode(point).decode().rstrip("="), "auth": "AAAAAAAAAAAAAAAAAAAAAA"}
    return {"kind": "webpush", "endpoint": endpoint, "keys": keys}


def test_a_device_is_registered_listed_and_removed_and_its_token_is_told_to_nobody(maria):
    answer = maria("POST", "/devices", _fcm())
    assert answer.status_code == 201
    device = answer.json()
    assert (device["kind"], device["current"]) == ("fcm", True)
    assert maria("GET", "/devices").json() == [device]
    row = Device.objects.get()
    assert TOKEN.encode() not in bytes(row.token_sealed) + bytes(row.token_hash)
    assert TOKEN not in answer.content.decode() + str(list(AuditEntry.objects.values()))
    assert maria.addresses() == [f"fcm:{TOKEN}"]
    assert maria("DELETE", f"/devices/{device['id']}").status_code == 204
    assert maria("GET", "/devices").json() == []
    assert maria("DELETE", f"/devices/{device['id']}").status_code == 404


def test_registered_again_it_is_one_device(maria):
    first = maria("POST", "/devices", _subscription()).json()["id"]
    assert maria("POST", "/devices", _subscription()).json()["id"] == first
    assert maria("POST", "/devices", _subscription("https://push.example/x/2")).json()["id"] != first
    assert len(maria.addresses()) == 2


def test_the_same_device_moves_to_whoever_signs_in_on_it(maria):
    other = Signed(make_account("patient"))
    maria("POST", "/devices", _fcm())
    moved = other("POST", "/devices", _fcm()).json()
    assert (maria.addresses(), other.addresses()) == ([], [f"fcm:{TOKEN}"])
    assert maria("GET", "/devices").json() == []
    assert maria("DELETE", f"/devices/{moved['id']}").status_code == 404
    actions = list(AuditEntry.objects.order_by("id").values_list("action", "patient_id"))
    assert ("device.move", maria.account.id) in actions


def test_a_device_goes_with_its_session(maria):
    elsewhere = Signed(maria.account)
    maria("POST", "/devices", _fcm("one"))
    elsewhere("POST", "/devices", _fcm("two"))
    assert elsewhere("POST", "/auth/logout-all").status_code in (200, 204)
    # At once for whoever sends, even before the news of it has arrived.
    assert maria.addresses() == []
    drain()
    assert Device.objects.count() == 0


def test_of_two_sessions_the_one_that_ended_takes_its_device_along(maria):
    elsewhere = Signed(maria.account)
    maria("POST", "/devices", _fcm("one"))
    elsewhere("POST", "/devices", _fcm("two"))
    session = UUID(next(one["session_id"] for one in maria("GET", "/devices").json() if one["current"]))
    identity.end_session(user_id=maria.account.id, session_id=session)
    drain()
    assert maria.addresses() == ["fcm:two"]


def test_a_device_that_is_gone_is_told_no_more(maria):
    maria("POST", "/devices", _fcm())
    maria("POST", "/devices", _subscription())
    for address in maria.addresses():
        devices.device_gone(address=address)
    devices.device_gone(address="fcm:unknown")
    assert maria.addresses() == []


def test_the_oldest_of_too_many_goes(maria, time_machine):
    for number in range(devices.MAX_DEVICES + 2):
        time_machine.move_to(clock.now() + timedelta(seconds=1), tick=False)
        assert maria("POST", "/devices", _fcm(f"token-{number}")).status_code == 201
    assert len(maria.addresses()) == devices.MAX_DEVICES
    assert "fcm:token-1" not in maria.addresses()
    assert "fcm:token-2" in maria.addresses()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "pigeon", "token": "x"}, "#/kind"),
        ({"kind": "fcm"}, "#/token"),
        ({"kind": "fcm", "token": " "}, "#/token"),
        ({"kind": "webpush", "token": "x"}, "#/endpoint"),
        (_subscription("http://push.example/"), "#/endpoint"),
        (_subscription("https://push.example:8443/"), "#/endpoint"),
        (_subscription("https://a:b@push.example/"), "#/endpoint"),
        (_subscription() | {"keys": {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "#/keys/p256dh"),
        (_subscription() | {"keys": _subscription()["keys"] | {"auth": "AAAA"}}, "#/keys/auth"),
        (_subscription() | {"token": "x"}, "#/endpoint"),
        (_fcm("a\x07b"), "#/token"),
        (_fcm("a b"), "#/token"),
        (_fcm("tök"), "#/token"),
        (_subscription("https://127.0.0.1/x"), "#/endpoint"),
        (_subscription("https://[::ffff:10.0.0.1]/x"), "#/endpoint"),
        (_subscription("https://169.254.169.254/latest"), "#/endpoint"),
        (_subscription("https://127.1/x"), "#/endpoint"),
        (_subscription("https://2130706433/x"), "#/endpoint"),
        (_subscription("https://a.0x7f000001/x"), "#/endpoint"),
        (_subscription("https://valkey.internal/x"), "#/endpoint"),
        (_subscription("https://localhost/x"), "#/endpoint"),
        (_subscription("https://[::1/x"), "#/endpoint"),
        (_subscription() | {"keys": _subscription()["keys"] | {"auth": "AAAAAAAAAAA\x07AAAAAAAAAAA"}}, "#/keys/auth"),
    ],
)
def test_what_is_wrong_with_a_device_is_named(maria, body, pointer):
    answer = maria("POST", "/devices", body)
    assert answer.status_code in (400, 422)
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert Device.objects.count() == 0


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "fd00::1", "64:ff9b::7f00:1"])
def test_a_name_that_leads_inside_is_no_address_of_a_browser(maria, monkeypatch, address):
    resolve = lambda *_, **__: [(None, None, None, "", (one, 443)) for one in ("8.8.8.8", address)]  # noqa: E731  one name for two calls
    monkeypatch.setattr(devices, "leads_inside", partial(public_addresses.leads_inside, resolve=resolve))
    answer = maria("POST", "/devices", _subscription("https://push.partner.example/x"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not_public")
    assert Device.objects.count() == 0


def test_a_kind_that_is_not_set_up_is_refused(maria, settings):
    settings.FCM_CREDENTIALS = settings.VAPID_PRIVATE_KEY = ""
    for body in (_fcm(), _subscription()):
        answer = maria("POST", "/devices", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "channel_off")
    assert maria("GET", "/push/key").status_code == 409


def test_a_browser_subscribes_with_the_public_half_of_our_key(maria):
    key = base64.urlsafe_b64decode(maria("GET", "/push/key").json()["key"] + "==")
    assert (len(key), key[:1]) == (65, b"\x04")


def test_devices_are_exported_and_end_after_their_time(maria, time_machine):
    maria("POST", "/devices", _fcm())
    key = identity.data_key(subject_id=maria.account.id)
    parts = {part.path: b"".join(part.chunks) for part in exported_rows("notifications", maria.account.id, key)}
    assert TOKEN.encode() in parts["data/notifications/device.json"]
    rule = next(one for one in RULES if one.name == "notifications.devices")
    assert not rule.find(clock.now() - timedelta(days=rule.days)).exists()
    assert rule.find(clock.now() + timedelta(seconds=1)).exists()


def test_a_notice_goes_to_every_device_and_those_that_are_gone_are_forgotten(maria, settings):
    url = ProviderServer()
    use_fcm(settings, url.url)
    details = [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "UNREGISTERED"}]
    gone = answer(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "x", "details": details}})
    taken = answer(200, {"name": "projects/p/messages/1"})
    url.also["/v1/projects"] = lambda body: gone if b"old-token" in body else taken
    for token in ("old-token", "new-token"):
        maria("POST", "/devices", _fcm(token))
    outgoing.create_notice(
        user_id=maria.account.id,
        kind="report_ready",
        category=Category.CASE,
        event_key=str(uuid4()),
        channels=(ChannelName.PUSH,),
    )
    drain()
    delivery = Delivery.objects.get(channel="push")
    assert (delivery.state, delivery.provider_id) == ("SENT", "projects/p/messages/1")
    assert maria.addresses() == ["fcm:new-token"]
    assert len(url.taken) == 2
    assert not any(b"report" in body.lower() for _, _, body in url.taken)
    url.close()


def test_a_person_without_a_device_is_not_asked_for_one(maria):
    outgoing.create_notice(
        user_id=maria.account.id,
        kind="report_ready",
        category=Category.CASE,
        event_key=str(uuid4()),
        channels=(ChannelName.PUSH,),
    )
    drain()
    delivery = Delivery.objects.get(channel="push")
    assert (delivery.state, delivery.reason) == ("SKIPPED", "no_address")
