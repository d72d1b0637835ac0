"""Every provider by its real library against a local server: each way in which a message ends, and no address told."""

from __future__ import annotations

import base64
import os
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from notifications.adapters.email.anymail_mail import PROVIDERS
from notifications.adapters.guarded_connection import GuardedClient
from notifications.adapters.protocol import Accepted, Delayed, Outward, Refused, Unanswered, channel
from notifications.adapters.push import browser_messages
from notifications.domain.push_addresses import Subscription, address_of
from tests.notifications.provider_server import HUNG_UP, SILENT, Answer, ProviderServer, answer, authority, stuck_port

# Of the library: apps of today register by token, and it has a newer name beside it.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Message.token is deprecated"),
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]
DELIVERY = UUID("01990000-0000-7000-8000-000000000001")
MAILBOX, NUMBER, TOKEN = "maria.keller@clinic.example", "+4915112345678", "tokenOfMariasTelephone"
SECRETS = ("maria", "15112345678", "tokenof")


def outward(address: str, **more: Any) -> Outward:
    given: dict[str, Any] = {
        "delivery_id": DELIVERY,
        "message_id": str(DELIVERY),
        "address": address,
        "subject": "There is news for you",
        "text": "Sign in to read it:\nhttps://x.example/n",
        "html": "<p>Sign in to read it</p>",
        "link": "https://x.example/n",
        "category": "case",
        "unsubscribe_url": "https://x.example/u/1",
    }
    return Outward(**(given | more))


@dataclass
class Case:
    """One provider: how it is set up, what it says when it accepts, and under which name."""

    channel: str
    address: str
    use: Callable[[Any, str], None]
    accepts: Any
    name: str
    says: Callable[..., Answer] = answer


def _twilio(settings: Any, url: str) -> None:
    settings.SMS_PROVIDER, settings.TWILIO_BASE_URL = "twilio", url
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC" + "b" * 32, "secret"
    settings.TWILIO_MESSAGING_SERVICE = "MG" + "c" * 32


def _sns(settings: Any, url: str) -> None:
    settings.SMS_PROVIDER, settings.SNS_REGION, settings.SNS_BASE_URL = "sns", "eu-central-1", url


def _azure(settings: Any, url: str) -> None:
    settings.AZURE_COMMUNICATION = f"endpoint={url}/;accesskey={base64.b64encode(b'k' * 32).decode()}"
    settings.SMS_PROVIDER, settings.AZURE_SMS_FROM, settings.EMAIL_PROVIDER = "azure", "+15005550006", "azure"


_PEM = (
    rsa.generate_private_key(65537, 2048)
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)


def _fcm(settings: Any, url: str) -> None:
    # The project's tokens come from another server than its messages.
    account = {"type": "service_account", "project_id": "p", "private_key_id": "k", "private_key": _PEM}
    account |= {"client_email": "a@p.example", "client_id": "1", "token_uri": f"{_TOKENS.url}/token"}
    settings.FCM_CREDENTIALS, settings.FCM_BASE_URL = orjson.dumps(account).decode(), url


_TOKENS = ProviderServer()
_TOKENS.says = answer(200, {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})

_ANYMAIL: dict[str, tuple[dict[str, str], Any, str]] = {
    "brevo": ({"BREVO_API_KEY": "k"}, answer(201, {"messageId": "<b-1@x>"}), "<b-1@x>"),
    "mailersend": ({"MAILERSEND_API_TOKEN": "k"}, answer(202, x_message_id="ms-1", content_type="text/html"), "ms-1"),
    "mailgun": (
        {"MAILGUN_API_KEY": "k", "MAILGUN_SENDER_DOMAIN": "x.example"},
        answer(200, {"id": "<mg-1@x>", "message": "Queued. Thank you."}),
        "<mg-1@x>",
    ),
    "mailjet": (
        {"MAILJET_API_KEY": "k", "MAILJET_SECRET_KEY": "s"},
        answer(200, {"Messages": [{"Status": "success", "To": [{"Email": MAILBOX, "MessageID": 77}]}]}),
        "77",
    ),
    "mailtrap": ({"MAILTRAP_API_TOKEN": "k"}, answer(200, {"success": True, "message_ids": ["mt-1"]}), "mt-1"),
    "mandrill": (
        {"MANDRILL_API_KEY": "k"},
        answer(200, [{"email": MAILBOX, "status": "sent", "_id": "md-1", "reject_reason": None}]),
        "md-1",
    ),
    "postal": (
        {"POSTAL_API_KEY": "k"},
        answer(200, {"status": "success", "data": {"messages": {MAILBOX: {"id": 9, "token": "t"}}}}),
        "9",
    ),
    "postmark": (
        {"POSTMARK_SERVER_TOKEN": "k"},
        answer(200, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": MAILBOX}),
        "pm-1",
    ),
    "resend": ({"RESEND_API_KEY": "k"}, answer(200, {"id": "rs-1"}), "rs-1"),
    "scaleway": (
        {"SCALEWAY_SECRET_KEY": "k", "SCALEWAY_PROJECT_ID": "p"},
        answer(200, {"emails": [{"id": "sw-1", "status": "new", "rcpt_to": MAILBOX, "mail_rcpt": MAILBOX}]}),
        "sw-1",
    ),
    "sendgrid": ({"SENDGRID_API_KEY": "k"}, answer(202), ""),
    "sparkpost": (
        {"SPARKPOST_API_KEY": "k"},
        answer(200, {"results": {"total_rejected_recipients": 0, "total_accepted_recipients": 1, "id": "sp-1"}}),
        "sp-1",
    ),
    "unisender_go": (
        {"UNISENDER_GO_API_KEY": "k"},
        answer(200, {"status": "success", "job_id": "ug-1", "emails": [MAILBOX]}),
        "",
    ),
    "amazon_ses": ({}, answer(200, {"MessageId": "ses-1"}), "ses-1"),
}


def _anymail(provider: str) -> Callable[[Any, str], None]:
    def use(settings: Any, url: str) -> None:
        settings.EMAIL_PROVIDER = provider
        given: dict[str, Any] = {**_ANYMAIL[provider][0], f"{provider.upper()}_API_URL": f"{url}/"}
        if provider == "amazon_ses":
            given = {"AMAZON_SES_CLIENT_PARAMS": {"region_name": "eu-central-1", "endpoint_url": url}}
        settings.ANYMAIL = given

    return use


def _in_xml(status: int, body: Any, **headers: str) -> Answer:
    text = f"<ErrorResponse><Error><Code>Failed</Code><Message>{body['message']}</Message></Error></ErrorResponse>"
    return answer(status, text.encode(), content_type="text/xml", **headers)


CASES: dict[str, Case] = {
    "twilio": Case("sms", NUMBER, _twilio, answer(201, {"sid": "SM1", "status": "queued", "to": NUMBER}), "SM1"),
    "sns": Case(
        "sms",
        NUMBER,
        _sns,
        answer(
            200,
            b"<PublishResponse><PublishResult><MessageId>sns-1</MessageId></PublishResult></PublishResponse>",
            content_type="text/xml",
        ),
        "sns-1",
        says=_in_xml,
    ),
    "azure sms": Case(
        "sms",
        NUMBER,
        _azure,
        answer(202, {"value": [{"to": NUMBER, "messageId": "az-1", "httpStatusCode": 202, "successful": True}]}),
        "az-1",
    ),
    "azure mail": Case("email", MAILBOX, _azure, answer(202, {"id": "op-1", "status": "Running"}), "op-1"),
    "fcm": Case("push", f"fcm:{TOKEN}", _fcm, answer(200, {"name": "projects/p/messages/1"}), "projects/p/messages/1"),
    **{name: Case("email", MAILBOX, _anymail(name), _ANYMAIL[name][1], _ANYMAIL[name][2]) for name in PROVIDERS},
}


@pytest.fixture(autouse=True)
def _here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_URL = "https://x.example"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_EC2_METADATA_DISABLED": "1",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def impatient(settings: Any) -> None:
    settings.PROVIDER_CONNECT_SECONDS = settings.PROVIDER_ANSWER_SECONDS = 0.1


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    one = ProviderServer()
    yield one
    one.close()


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def send(case: Case, **more: Any) -> Accepted:
    with channel(case.channel).session() as session:
        return session.send(outward(case.address, **more))


def fails(case: Case, kind: type[Exception], **more: Any) -> Any:
    """The error, which quotes nobody's address, in itself or in what a log would print of it."""
    with pytest.raises(kind) as caught:
        send(case, **more)
    printed = "".join(traceback.format_exception(caught.value)).lower()
    lines = "\n".join(line for line in printed.splitlines() if not line.lstrip().startswith(("file ", "^")))
    assert not any(secret in repr(caught.value).lower() + lines for secret in SECRETS)
    return caught.value


def test_a_message_is_accepted_under_the_providers_own_name(case, server, settings):
    case.use(settings, server.url)
    server.says = case.accepts
    accepted = send(case)
    # Some providers let us give the name.
    assert accepted.provider_id == (case.name or accepted.provider_id)
    assert accepted.provider_id
    assert len(server.taken) == 1


def test_a_refusal_for_good_is_one(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(400, {"message": f"no such address {MAILBOX} {NUMBER} {TOKEN}"})
    error = fails(case, Refused)
    assert error.suppress in ("", "hard")
    assert len(server.taken) == 1


def test_a_provider_that_is_busy_is_asked_later_and_by_us_alone(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(503, {"message": f"later {MAILBOX}"})
    fails(case, Delayed)
    # No library tries again by itself: what may have left would leave twice.
    assert len(server.taken) == 1


def test_a_limit_says_how_long_to_wait(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(429, {"code": 20429, "message": "Too many", "status": 429}, Retry_After="7")
    assert fails(case, Delayed).retry_after == timedelta(seconds=7)
    assert len(server.taken) == 1


def test_what_is_behind_a_gateway_may_have_it(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(504, {"message": "gateway"})
    fails(case, Unanswered)


def test_nothing_left_when_the_provider_is_not_reached(case, settings, impatient):
    with stuck_port() as port:
        case.use(settings, f"http://127.0.0.1:{port}")
        assert fails(case, Delayed).code == "unreachable"


@pytest.mark.parametrize("how", [SILENT, HUNG_UP])
def test_nobody_knows_when_the_bytes_are_gone_and_no_answer_comes(case, server, settings, impatient, how):
    case.use(settings, server.url)
    server.says = how
    fails(case, Unanswered)
    assert server.received.wait(30)
    assert len(server.taken) == 1


def test_our_own_credentials_say_nothing_about_the_message(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(403, {"message": "forbidden"})
    fails(case, Delayed)


def test_twilio_is_told_where_to_report_and_a_stop_is_kept(server, settings):
    _twilio(settings, server.url)
    server.says = CASES["twilio"].accepts
    send(CASES["twilio"])
    path, headers, body = server.taken[0]
    fields = parse_qs(body.decode())
    assert path.endswith("/Messages.json")
    assert headers["authorization"].startswith("Basic ")
    assert fields["StatusCallback"] == [f"https://x.example/api/v1/callbacks/twilio?delivery={DELIVERY}#rc=5&rp=all"]
    assert (fields["To"], fields["Body"]) == ([NUMBER], ["Sign in to read it:\nhttps://x.example/n"])
    server.says = answer(400, {"code": 21610, "message": f"unsubscribed {NUMBER}", "more_info": "", "status": 400})
    error = fails(CASES["twilio"], Refused)
    assert (error.code, error.suppress) == ("twilio_21610", "stop")


def test_sns_hears_that_a_number_has_said_stop(server, settings):
    _sns(settings, server.url)
    server.says = answer(
        400,
        b"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code>"
        b"<Message>Phone number is opted out</Message></Error></ErrorResponse>",
        content_type="text/xml",
    )
    assert fails(CASES["sns"], Refused).suppress == "stop"


def test_an_app_that_is_gone_is_told_no_more(server, settings):
    _fcm(settings, server.url)
    details = [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "UNREGISTERED"}]
    server.says = answer(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "x", "details": details}})
    assert fails(CASES["fcm"], Refused).suppress == "gone"


def test_a_push_message_holds_its_words_its_link_and_nothing_else(server, settings):
    _fcm(settings, server.url)
    server.says = CASES["fcm"].accepts
    send(CASES["fcm"])
    path, _, body = server.taken[0]
    message = orjson.loads(body)["message"]
    assert path == "/v1/projects/p/messages:send"
    assert message["data"] == {"link": "https://x.example/n", "category": "case"}
    assert set(message) == {"notification", "data", "android", "token"}


def test_mail_providers_are_told_the_delivery_and_not_to_track(server, settings):
    _anymail("mailgun")(settings, server.url)
    server.says = CASES["mailgun"].accepts
    send(CASES["mailgun"])
    body = server.taken[0][2].decode()
    fields = parse_qs(body)
    assert fields["v:delivery"] == [str(DELIVERY)]
    assert fields["o:tracking-opens"] == fields["o:tracking-clicks"] == ["no"]
    assert fields["h:Message-Id"] == [f"<{DELIVERY}@x.example>"]
    assert fields["h:List-Unsubscribe-Post"] == ["List-Unsubscribe=One-Click"]


def test_azure_mail_goes_under_our_own_name_and_untracked(server, settings):
    _azure(settings, server.url)
    server.says = CASES["azure mail"].accepts
    send(CASES["azure mail"])
    _, headers, body = server.taken[0]
    assert headers["operation-id"] == str(DELIVERY)
    assert orjson.loads(body)["userEngagementTrackingDisabled"] is True


class TestBrowsers:
    """Web Push: the address is a stranger's."""

    @pytest.fixture
    def tls(self, tmp_path) -> Iterator[tuple[ProviderServer, Any]]:
        server_side, client_side = authority(tmp_path)
        one = ProviderServer(server_side)
        yield one, client_side
        one.close()

    @pytest.fixture
    def subscriber(self) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
        return ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    @pytest.fixture(autouse=True)
    def _vapid(self, settings) -> None:
        settings.VAPID_PRIVATE_KEY = base64.urlsafe_b64encode(b"\x07" * 32).decode().rstrip("=")
        settings.VAPID_SUBJECT = "mailto:ops@example.com"

    def _address(self, url: str, subscriber: Any) -> str:
        point = (
            subscriber[0]
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )
        encoded = [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in (point, subscriber[1])]
        return address_of("webpush", Subscription(endpoint=url, p256dh=encoded[0], auth=encoded[1]).text())

    def _session(self, tls: Any, port: int = 0) -> browser_messages.WebPushSession:
        server, context = tls
        open_to_all = GuardedClient(allowed=lambda _: True, port=port or server.port, context=lambda: context)
        return browser_messages.WebPushSession(open_to_all)

    def _send(self, tls: Any, subscriber: Any, path: str = "/push/tokenof") -> Accepted:
        url = f"https://localhost:{tls[0].port}{path}"
        return self._session(tls).send(outward(self._address(url, subscriber)))

    def test_a_message_is_sealed_for_the_browser_alone(self, tls, subscriber):
        tls[0].says = answer(201)
        assert self._send(tls, subscriber).provider_id == str(DELIVERY)
        path, headers, body = tls[0].taken[0]
        assert path == "/push/tokenof"
        assert headers["content-encoding"] == "aes128gcm"
        assert headers["authorization"].startswith("vapid t=")
        assert b"Sign in" not in body
        assert orjson.loads(_opened(body, *subscriber)) == {
            "title": "There is news for you",
            "body": "Sign in to read it:\nhttps://x.example/n",
            "url": "https://x.example/n",
            "category": "case",
        }

    @pytest.mark.parametrize(
        ("says", "kind", "suppress"),
        [
            (answer(404), Refused, "gone"),
            (answer(410), Refused, "gone"),
            (answer(413), Refused, ""),
            (answer(301, Location="https://localhost/elsewhere"), Refused, ""),
            (answer(503), Delayed, None),
            (answer(403), Delayed, None),
            (SILENT, Unanswered, None),
            (HUNG_UP, Unanswered, None),
        ],
    )
    def test_each_answer_has_its_end(self, tls, subscriber, says, kind, suppress, monkeypatch):
        if says == SILENT:
            monkeypatch.setattr("notifications.adapters.guarded_connection.WHOLE_SECONDS", 0.3)
        tls[0].says = says
        with pytest.raises(kind) as caught:
            self._send(tls, subscriber)
        assert getattr(caught.value, "suppress", None) == suppress
        assert "tokenof" not in "".join(traceback.format_exception(caught.value))
        assert tls[0].received.wait(30)
        assert len(tls[0].taken) == 1

    def test_a_limit_says_how_long_to_wait(self, tls, subscriber):
        tls[0].says = answer(429, Retry_After="9")
        with pytest.raises(Delayed) as caught:
            self._send(tls, subscriber)
        assert caught.value.retry_after == timedelta(seconds=9)

    def test_nothing_left_when_it_is_not_reached(self, tls, subscriber, monkeypatch):
        monkeypatch.setattr("notifications.adapters.guarded_connection.CONNECT_SECONDS", 0.1)
        with stuck_port() as port, pytest.raises(Delayed, match="unreachable"):
            address = self._address(f"https://localhost:{port}/", subscriber)
            self._session(tls, port).send(outward(address))

    def test_an_impostor_gets_no_byte(self, tls, subscriber):
        session = browser_messages.WebPushSession(GuardedClient(allowed=lambda _: True, port=tls[0].port))
        with pytest.raises(Delayed, match="unreachable"):
            session.send(outward(self._address(f"https://localhost:{tls[0].port}/", subscriber)))
        assert not tls[0].taken

    @pytest.mark.parametrize(
        "url",
        [
            "https://127.0.0.1/", "http://push.example/", "https://localhost/", "https://[::1]/", "https://10.0.0.1/",
            "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
            "https://0/", "https://169.254.169.254/", "https://100.64.0.1/", "https://[fe80::1]/",
            "https://[fc00::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://192.0.2.1/",
            "https://224.0.0.1/", "https://0.0.0.0/", "https://push.example:8443/", "https://a@push.example/",
            "https://push.example:x/", "https:///",
        ],
    )  # fmt: skip
    def test_no_address_of_our_own_networks_is_dialled(self, subscriber, url, monkeypatch):
        dialled = []
        monkeypatch.setattr("socket.create_connection", lambda address, **_: dialled.append(address))
        with pytest.raises(Refused, match=r"address_refused|bad_subscription"):
            browser_messages.WebPushSession().send(outward(self._address(url, subscriber)))
        assert not dialled

    def test_a_name_is_looked_up_once_and_that_address_is_dialled(self, subscriber, monkeypatch):
        asked, dialled = [], []

        def flips(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

        def dial(address: tuple[str, int], **_: Any) -> None:
            dialled.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr("socket.create_connection", dial)
        session = browser_messages.WebPushSession(GuardedClient(resolve=flips))
        address = self._address("https://rebind.example/", subscriber)
        with pytest.raises(Delayed):
            session.send(outward(address))
        assert (asked, dialled) == (["rebind.example"], [("93.184.216.34", 443)])
        with pytest.raises(Refused):
            session.send(outward(address))
        assert len(dialled) == 1

    def test_one_private_address_among_public_ones_is_enough(self, subscriber, monkeypatch):
        session = browser_messages.WebPushSession(GuardedClient(resolve=lambda *_: ["93.184.216.34", "10.0.0.1"]))
        with pytest.raises(Refused):
            session.send(outward(self._address("https://two.example/", subscriber)))


def _opened(body: bytes, key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    """RFC 8291, from the browser's side."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt, length = body[:16], body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    point = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    info = b"WebPush: info\x00" + key.public_key().public_bytes(*point) + sender
    made = HKDF(SHA256(), 32, secret, info).derive(shared)
    content = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(made)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(made)
    return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\x02")
