"""The worker under gunicorn: it serves, grows old, is replaced, and stops, and loses no request on the way."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.embedded.process import free_port
from config.runtime.http.unfinished_requests import REFUSALS
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[3]
APPLICATION = """
import os
from config.runtime.http.admission import OpenDoor
class Door(OpenDoor):
    def wants_body(self, environ, beginning):
        return environ["PATH_INFO"] != "/refused"
    def opens_file(self, environ):
        return environ["PATH_INFO"] == "/file"
class Application:
    door = Door()
    def __call__(self, environ, start_response):
        return answered(environ, start_response)
application = Application()
def answered(environ, start_response):
    read = -1 if environ["PATH_INFO"] == "/refused" else len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Worker", str(os.getpid()))])
    return [str(read).encode()]
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    (tmp_path / "counting.py").write_text(APPLICATION)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-k", "config.runtime.http.worker.Worker"]
    command += ["--threads", "2", "--max-requests", "20", "-b", f"127.0.0.1:{port}", "counting:application"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
    )
    until(lambda: ask(port) is not None, "the worker answers")
    yield port, process
    process.send_signal(signal.SIGKILL) if process.poll() is None else None
    process.wait()


def ask(port: int) -> str | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    try:
        connection.request("GET", "/")
        return connection.getresponse().headers["X-Worker"]
    except OSError:
        return None
    finally:
        connection.close()


def test_an_old_worker_lets_an_upload_end_before_it_is_replaced(server: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, _ = server
    with socket.create_connection(("127.0.0.1", port), 600) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + b"x" * 100_000)
        first = {ask(port) for _ in range(40)}
        assert len(first) == 1
        slow.sendall(b"x" * 100_000)
        assert slow.recv(1000).endswith(b"200000")
    until(lambda: {ask(port)} - {None} - first, "another worker answers")


def test_who_is_held_up_is_answered_and_a_file_is_opened(server: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    refused = b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
    with contextlib.ExitStack() as all_of_them:
        many = [
            all_of_them.enter_context(socket.create_connection(("127.0.0.1", server[0]), 600))
            for _ in range(int(REFUSALS) + 2)
        ]
        for one in many:
            one.sendall(refused)
        assert all(one.recv(1000).endswith(b"\r\n\r\n-1") for one in many)
        one = all_of_them.enter_context(socket.create_connection(("127.0.0.1", server[0]), 600))
        for _ in range(2):
            one.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            assert one.recv(1000).endswith(b"\r\n\r\n0")


def test_a_stop_lets_a_request_that_is_coming_be_answered(server: tuple[int, "subprocess.Popen[bytes]"]) -> None:
    port, process = server
    with socket.create_connection(("127.0.0.1", port), 600) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + b"x" * 100_000)
        ask(port)
        process.send_signal(signal.SIGTERM)
        until(lambda: ask(port) is None, "nothing new is taken")
        slow.sendall(b"x" * 100_000)
        answer = slow.recv(1000)
        assert answer.endswith(b"200000")
        assert b"Connection: close" in answer
    assert process.wait(600) == 0


CODED = (
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %b\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
)
CODINGS = (
    b"xchunked",
    b"gzip",
    b"gzip, chunked",
    b"chunked, identity",
    b"chunked\r\nTransfer-Encoding: chunked",
    b"\x0bchunked",
)


def test_a_coding_that_is_not_understood_is_refused_without_the_front_too(
    server: tuple[int, "subprocess.Popen[bytes]"],
) -> None:
    """Said to the worker itself, as behind a front that lets it through: 400 for the sender, never a fault of ours."""
    for coding in CODINGS:
        with socket.create_connection(("127.0.0.1", server[0]), 20) as connection:
            connection.sendall(CODED % coding)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 400 "), (coding, answer)
        assert answer.count(b"\r\nDate: ") == 1
        assert b'"code":"malformed"' in answer
