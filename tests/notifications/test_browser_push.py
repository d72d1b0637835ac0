"""Web Push: what is sealed, what each answer means, and that a stranger's address is dialled only when it is public."""

from __future__ import annotations

import base64
import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel.providers import within
from notifications.adapters.guarded_connection import GuardedClient
from notifications.adapters.protocol import Accepted, Delayed, Refused, Unanswered
from notifications.adapters.push import browser_messages
from notifications.domain.push_addresses import Subscription, address_of
from tests.notifications.provider_cases import DELIVERY, outward
from tests.notifications.provider_server import HUNG_UP, SILENT, ProviderServer, answer, authority, stuck_port

pytestmark = pytest.mark.django_db


def found(*addresses: str) -> list[Any]:
    """What a look-up gives back for these addresses."""
    return [(None, None, None, "", (address, 443)) for address in addresses]


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
    def _patient(self, monkeypatch) -> None:
        """A slow machine shakes hands slowly, too."""
        for name in ("CONNECT_SECONDS", "WHOLE_SECONDS"):
            monkeypatch.setattr(f"notifications.adapters.guarded_connection.{name}", 600.0)

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
            (HUNG_UP, Unanswered, None),
        ],
    )
    def test_each_answer_has_its_end(self, tls, subscriber, says, kind, suppress):
        tls[0].says = says
        with pytest.raises(kind) as caught:
            self._send(tls, subscriber)
        assert getattr(caught.value, "suppress", None) == suppress
        assert "tokenof" not in "".join(traceback.format_exception(caught.value))
        assert tls[0].received.wait(600)
        assert len(tls[0].taken) == 1

    def test_of_a_browser_service_that_is_silent_nobody_knows(self, tls, subscriber, monkeypatch):
        """The time ends once the message was taken, however long that needs."""

        def taken(seconds, call, *, name):
            sending = Thread(target=suppressed, args=(call,), daemon=True)
            sending.start()
            assert tls[0].received.wait(600)
            return within(0.01, Event().wait, name=name)

        def suppressed(call):
            with suppress(OSError):
                call()

        monkeypatch.setattr("notifications.adapters.guarded_connection.within", taken)
        tls[0].says = SILENT
        with pytest.raises(Unanswered):
            self._send(tls, subscriber)
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
            "https://127.0.0.1/",
            "http://push.example/",
            "https://localhost/",
            "https://[::1]/",
            "https://10.0.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://0/",
            "https://169.254.169.254/",
            "https://100.64.0.1/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://192.0.2.1/",
            "https://224.0.0.1/",
            "https://0.0.0.0/",
            "https://push.example:8443/",
            "https://a@push.example/",
            "https://push.example:x/",
            "https:///",
        ],
    )
    def test_no_address_of_our_own_networks_is_dialled(self, subscriber, url, monkeypatch):
        dialled = []
        monkeypatch.setattr("socket.create_connection", lambda address, *_, **__: dialled.append(address))
        with pytest.raises(Refused, match=r"address_refused|bad_subscription"):
            browser_messages.WebPushSession().send(outward(self._address(url, subscriber)))
        assert not dialled

    def test_a_name_is_looked_up_once_and_that_address_is_dialled(self, subscriber, monkeypatch):
        asked, dialled = [], []

        def flips(host: str, port: int, **_: Any) -> list[Any]:
            asked.append(host)
            return found("93.184.216.34") if len(asked) == 1 else found("127.0.0.1")

        def dial(address: tuple[str, int], *_: Any, **__: Any) -> None:
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
        session = browser_messages.WebPushSession(
            GuardedClient(resolve=lambda *_, **__: found("93.184.216.34", "10.0.0.1"))
        )
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
