"""A webhook reaches public addresses on port 443 alone: what was checked is what is dialled, and nobody leads it on."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpcore
import pytest

from notifications.adapters.hooks import AddressRefused, Guard, fault_of_url, hook_requests, post
from notifications.adapters.network_guard import is_public
from tests.notifications.webhooks.receivers import HOST, says, tls_receiver

INSIDE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254"),
    *("192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0"),
    *("fc00::1", "fd12::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
    *("::ffff:0:7f00:1", "::ffff:0:127.0.0.1", "3fff::1", "5f00::1", "100:0:0:1::1", "2620:4f:8000::1"),
    *("192.0.0.8", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001::7f00:1", "2001:db8::1"),
]
SPELLED = [
    *("http://example.org/", "ftp://example.org/", "https://", "https://example.org:8443/", "https://a:b@example.org/"),
    *("https://example.org/#x", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "example.org"),
    *("https://localhost/", "https://printer.local/", "https://db.internal/", "https://169.254.169.254/latest"),
    *("https://example.org/ x", "https://ex\u00e4mple.org/", f"https://example.org/{'x' * 500}", "https://[::1/"),
]


def resolver(*answers: list[str]) -> Any:
    """A name server that gives each answer once, then the last one again; counts how often it is asked."""

    def resolve(host: str, port: int, type: int = 0) -> list[Any]:
        resolve.asked += 1
        found = answers[min(resolve.asked, len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    resolve.asked = 0
    return resolve


@pytest.fixture
def dialled() -> Iterator[list[str]]:
    """The addresses that would be dialled; the network is not there."""
    places: list[str] = []

    def connect(self: Any, host: str, port: int, **_: Any) -> Any:
        places.append(host)
        raise httpcore.ConnectError("no network")

    with mock.patch.object(httpcore.SyncBackend, "connect_tcp", connect):
        yield places


def guard(resolve: Any, **given: Any) -> Guard:
    return Guard(deadline=time.monotonic() + 60, resolve=resolve, **given)


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_dialled_by_number_or_by_name(address: str, dialled: list[str]) -> None:
    assert not is_public(address)
    answer = post("https://hooks.example.org/x", headers={}, body=b"{}", guard=guard(resolver([address])))
    assert answer.fault == "refused_address"
    assert dialled == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_a_public_address_is_dialled_itself(address: str, dialled: list[str]) -> None:
    resolve = resolver([address])
    assert post("https://hooks.example.org/", headers={}, body=b"", guard=guard(resolve)).fault == "no_connection"
    assert (dialled, resolve.asked) == ([address], 1)


def test_a_name_with_one_address_inside_is_refused_whole(dialled: list[str]) -> None:
    answer = post("https://h.example.org/", headers={}, body=b"", guard=guard(resolver(["8.8.8.8", "127.0.0.1"])))
    assert (answer.fault, dialled) == ("refused_address", [])


def test_a_name_that_is_bound_anew_is_looked_up_once_and_the_checked_address_dialled(dialled: list[str]) -> None:
    resolve = resolver(["8.8.8.8"], ["127.0.0.1"])
    post("https://h.example.org/", headers={}, body=b"", guard=guard(resolve))
    assert (dialled, resolve.asked) == (["8.8.8.8"], 1)
    answer = post("https://h.example.org/", headers={}, body=b"", guard=guard(resolve))
    assert (answer.fault, dialled) == ("refused_address", ["8.8.8.8"])


@pytest.mark.parametrize("url", ["http://h.example.org/", "https://h.example.org:8443/", "https://h.example.org:22/"])
def test_no_other_port_and_no_plain_http_is_dialled(url: str, dialled: list[str]) -> None:
    assert post(url, headers={}, body=b"", guard=guard(resolver(["8.8.8.8"]))).fault == "refused_port"
    assert dialled == []


@pytest.mark.parametrize("url", SPELLED)
def test_an_address_that_could_never_be_sent_to_is_not_taken(url: str) -> None:
    assert fault_of_url(url)


@pytest.mark.parametrize("url", ["https://example.org/hook?x=1", "https://example.org:443/", "https://8.8.8.8/x"])
def test_a_public_address_is_taken(url: str) -> None:
    assert fault_of_url(url) == ""


@pytest.mark.parametrize(
    "number", ["2130706433", "0x7f.1", "0177.0.0.1", "0", "127.1", "127.0.0.1.", "[::ffff:7f00:1]"]
)
def test_numbers_that_are_spelled_oddly_reach_nobody_on_this_machine(number: str) -> None:
    """By the machine's own look-up, which knows these spellings."""
    answer = post(f"https://{number}/", headers={}, body=b"")
    assert answer.status is None


def test_proxies_of_the_environment_are_not_used(dialled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    post("https://h.example.org/", headers={}, body=b"", guard=guard(resolver(["8.8.8.8"])))
    assert dialled == ["8.8.8.8"]


def trusting(server: Any, monkeypatch: pytest.MonkeyPatch) -> Guard:
    """Everything as it is, but this machine is public, and the receiver's certificate known."""
    context = ssl.create_default_context(cafile=str(server.authority))
    monkeypatch.setattr(hook_requests, "_tls", lambda: context)
    return guard(resolver(["127.0.0.1"]), allowed=lambda address: True, port=server.server_port)


def test_a_redirect_is_an_answer_and_nobody_follows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tls_receiver(tmp_path, says(307, location="https://169.254.169.254/latest")) as server:
        url = f"https://{HOST}:{server.server_port}/hook"
        answer = post(url, headers={"webhook-id": "1"}, body=b"{}", guard=trusting(server, monkeypatch))
        assert (answer.status, answer.taken, answer.code) == (307, False, "http_307")
        ((path, headers, body),) = server.got
    assert (path, body, headers["host"]) == ("/hook", b"{}", f"{HOST}:{server.server_port}")
    assert headers["content-type"] == "application/cloudevents+json"


def test_an_endless_answer_is_read_no_further_than_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        try:
            for _ in range(10_000):
                handler.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
                sent.append(1)
        except OSError:
            handler.close_connection = True

    with tls_receiver(tmp_path, endless) as server:
        url = f"https://{HOST}:{server.server_port}/"
        assert post(url, headers={}, body=b"", guard=trusting(server, monkeypatch)).status == 200
    assert len(sent) < 10_000


def test_a_receiver_that_drips_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte begins a read with a time of its own; the deadline does not move."""
    clock, asked = [100.0], []
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    class Dripping(httpcore.NetworkStream):
        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            asked.append(timeout)
            clock[0] += 6
            return b"x"

    with mock.patch.object(httpcore.SyncBackend, "connect_tcp", return_value=Dripping()):
        stream = Guard(deadline=115.0, resolve=resolver(["8.8.8.8"])).connect_tcp("h.example.org", 443, 5)
    assert [stream.read(1, 15) for _ in range(3)] == [b"x"] * 3
    with pytest.raises(httpcore.ReadTimeout):
        stream.read(1, 15)
    assert asked == [15, 9, 3]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with tls_receiver(tmp_path, says(200)) as server:
        stranger = guard(resolver(["127.0.0.1"]), allowed=lambda address: True, port=server.server_port)
        answer = post(f"https://{HOST}:{server.server_port}/", headers={}, body=b"", guard=stranger)
        assert answer.fault == "tls"
        assert server.got == []


def test_nothing_is_sent_through_a_socket_of_this_machine() -> None:
    with pytest.raises(AddressRefused):
        guard(resolver(["8.8.8.8"])).connect_unix_socket("/run/docker.sock")


def test_a_name_that_nobody_answers_for_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_requests, "TOTAL_SECONDS", 0.2)
    found = threading.Event()

    def silent(*_: Any, **__: Any) -> list[Any]:
        found.wait()
        return []

    try:
        assert post(f"https://{HOST}/", headers={}, body=b"", guard=guard(silent)).fault == "timeout"
    finally:
        found.set()
