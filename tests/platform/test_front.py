"""The front before a real web server: limits, static files, compression, refusals."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.embedded.process import free_port
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]
WORKER = os.environ.get("FRONT_TEST_WORKER", "config.runtime.http.worker.Worker")
APPLICATION = """
import json
from config.runtime.http.admission import OpenDoor
class Door(OpenDoor):
    def wants_body(self, environ, beginning):
        return environ["PATH_INFO"] != "/refused"
    def address_of(self, environ):
        return environ.get("HTTP_X_FORWARDED_FOR", "")
def echo(environ, start_response):
    read = 0
    while chunk := environ["wsgi.input"].read(65536):
        read += len(chunk)
    if environ["PATH_INFO"] == "/slow":
        __import__("time").sleep(float(environ["QUERY_STRING"]))
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return (b"x" * 100_000 for _ in range(400))
    body = json.dumps({"path": environ["PATH_INFO"], "read": read, "pad": "x" * 2000,
                       "for": environ.get("HTTP_X_FORWARDED_FOR")}).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]
class Application:
    door = Door()
    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != "/refused":
            return echo(environ, start_response)
        start_response("401 Unauthorized", [("Content-Type", "application/json")])
        return [b"{}"]
application = Application()
"""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("front")
    (folder / "static" / "admin").mkdir(parents=True)
    (folder / "static" / "admin" / "page.css").write_text("a{}")
    (folder / "echo.py").write_text(APPLICATION)
    port, behind = free_port(), free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-k", WORKER, "--threads", "2"]
    serving = {
        "SOP_DATA_DIR": str(folder / "data"),
        "STATIC_ROOT": str(folder / "static"),
        "DATABASE_URL": "postgresql://none@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9",
        "SOP_WEB_UPSTREAM": f"127.0.0.1:{behind}",
        "SOP_DRAIN_SECONDS": "0",
        "PORT": str(port),
    }
    web = subprocess.Popen(
        [*gunicorn, "-b", f"127.0.0.1:{behind}", "echo:application"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    launcher = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "front"],
        cwd=ROOT,
        env=os.environ | serving,
        stdout=subprocess.DEVNULL,
    )
    until(lambda: ask(port, "GET", "/")[0] == 200, "the front answers")
    yield port
    for process in (launcher, web):
        process.send_signal(signal.SIGTERM)
    for process in (launcher, web):
        process.wait(300)


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    except OSError:
        return 0, {}, b""
    finally:
        connection.close()


def test_a_file_of_25_mib_passes_and_30_mb_gets_a_problem_document(front: int) -> None:
    status, _, body = ask(front, "POST", "/up", b"0" * 25 * 1024 * 1024)
    assert (status, json.loads(body)["read"]) == (200, 25 * 1024 * 1024)
    status, headers, body = ask(front, "POST", "/up", b"0" * 30_000_000, Expect="100-continue")
    assert status in (413, 0)
    if status:
        assert headers["content-type"] == "application/problem+json"
        assert "25 MB" in json.loads(body)["detail"]


def test_metrics_are_not_for_the_world(front: int) -> None:
    assert ask(front, "GET", "/metrics")[0] == 404
    assert ask(front, "GET", "/metrics/anything")[0] == 404


def test_static_files_come_from_the_front_and_nothing_beside_them(front: int) -> None:
    status, headers, body = ask(front, "GET", "/static/admin/page.css")
    assert (status, body) == (200, b"a{}")
    assert headers["x-content-type-options"] == "nosniff"
    for outside in ("/static/../echo.py", "/static/%2e%2e/echo.py", "/static/admin/../../echo.py"):
        assert b"def application" not in ask(front, "GET", outside)[2]


def test_answers_are_compressed(front: int) -> None:
    assert ask(front, "GET", "/", Accept_Encoding="gzip")[1]["content-encoding"] == "gzip"


def test_a_made_up_address_of_the_caller_is_not_believed(front: int) -> None:
    body = ask(front, "GET", "/", X_Forwarded_For="6.6.6.6")[2]
    assert json.loads(body)["for"] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/ws/anything", "/socket.io/?EIO=4&transport=polling"])
def test_a_realtime_process_that_is_away_is_said_to_be_so(front: int, path: str) -> None:
    status, headers, body = ask(front, "GET", path)
    assert (status, headers["retry-after"]) == (503, "5")
    assert json.loads(body)["status"] == 503


HALF_SENT = {
    "a head": b"POST /up HTTP/1.1\r\nHost: a\r\nX-Half: ",
    "a small body": b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
    "a body": b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf",
    "a large body": b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n" + b"0" * 2_500_000,
    "a body in chunks": b"POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf.\r\n",
    "an answer that is not taken": b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("what", HALF_SENT)
def test_slow_clients_do_not_hold_the_web_threads(front: int, what: str) -> None:
    """Forty of a kind, of several addresses, stand against two threads, and honest ones pass."""
    slow = []
    for number in range(40):
        connection = socket.create_connection(("127.0.0.1", front), 5, (f"127.0.1.{1 + number // 10}", 0))
        slow.append(connection)
        connection.sendall(HALF_SENT[what])
    try:
        assert [ask(front, "GET", "/")[0] for _ in range(10)] == [200] * 10
        status, _, body = ask(front, "POST", "/up", b"0" * 3_000_000)
        assert (status, json.loads(body)["read"]) == (200, 3_000_000)
    finally:
        for connection in slow:
            connection.close()


def test_an_upload_that_is_refused_is_refused_before_it_comes(front: int) -> None:
    with socket.create_connection(("127.0.0.1", front), 20) as connection:
        connection.sendall(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 401"


def test_a_reader_that_comes_back_finds_its_answer_whole(front: int) -> None:
    with socket.create_connection(("127.0.0.1", front), 20) as connection:
        connection.sendall(HALF_SENT["an answer that is not taken"].replace(b"1.1", b"1.0"))
        assert ask(front, "GET", "/")[0] == 200
        size = 0
        while piece := connection.recv(1_000_000):
            size += len(piece)
    assert size > 40_000_000


def test_one_address_cannot_have_any_number_of_unfinished_uploads(front: int) -> None:
    half = b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n1"
    slow = [socket.create_connection(("127.0.0.1", front), 20, ("127.0.2.1", 0)) for _ in range(30)]
    try:
        for connection in slow:
            connection.sendall(half)
        until(lambda: any(_begins(connection, b"HTTP/1.1 429") for connection in slow), "one of thirty is refused")
        assert ask(front, "POST", "/up", b"0" * 1_000_000)[0] == 200
    finally:
        for connection in slow:
            connection.close()


def _begins(connection: socket.socket, expected: bytes) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1000, socket.MSG_PEEK).startswith(expected)
    except BlockingIOError:
        return False


_POST = b"POST /up HTTP/1.1\r\nHost: a\r\n"
_CHUNKED = _POST + b"Transfer-Encoding: chunked\r\n\r\n"
MALFORMED = {
    "a size that is no number": _CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
    "a negative size": _CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n",
    "a size with 0x": _CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n",
    "a size beyond all numbers": _CHUNKED + b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n",
    "no size": _CHUNKED + b"\r\nabc\r\n0\r\n\r\n",
    "a chunk longer than its size": _CHUNKED + b"2\r\nabcdef\r\n0\r\n\r\n",
    "bare line feeds": _CHUNKED + b"3\nabc\n0\n\n",
    "a wrong size after good chunks": _CHUNKED + b"3\r\nabc\r\n10000\r\n" + b"x" * 65536 + b"\r\nqq\r\n",
    "an endless extension": _CHUNKED + b"3;" + b"a" * 9000 + b"\r\nabc\r\n0\r\n\r\n",
    "a trailer that is none": _CHUNKED + b"3\r\nabc\r\n0\r\nno colon\r\n\r\n",
    "a second request in a chunk's place": _CHUNKED + b"2\r\nabGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": _POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a list of lengths": _POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a signed length": _POST + b"Content-Length: +3\r\n\r\nabc",
    "a coding with a blank before its colon": _POST + b"Transfer-Encoding : chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
}
# The front's library itself says so, in the words of RFC 9112, section 6.1.
NOT_UNDERSTOOD = {
    name: _POST + b"Transfer-Encoding: " + name.encode() + b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    for name in ("xchunked", "gzip", "gzip, chunked", "chunked, identity", "chunked\r\nTransfer-Encoding: chunked")
}


@pytest.mark.parametrize("what", [*MALFORMED, *NOT_UNDERSTOOD])
def test_a_malformed_request_is_told_so_and_its_connection_ends(front: int, what: str) -> None:
    with socket.create_connection(("127.0.0.1", front), 20) as beside:
        beside.sendall(_POST + b"Content-Length: 4\r\n\r\nab")
        answer = _said(front, MALFORMED.get(what) or NOT_UNDERSTOOD[what])
        assert answer.startswith(b"HTTP/1.1 400 " if what in MALFORMED else b"HTTP/1.1 501 ")
        assert b"hidden" not in answer
        beside.sendall(b"cd")
        assert beside.recv(12) == b"HTTP/1.1 200"


def test_after_a_length_beside_a_coding_nothing_more_is_taken(front: int) -> None:
    both = _POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    answer = _said(front, both + b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"hidden" not in answer


def _said(port: int, request: bytes) -> bytes:
    """All that is answered until the connection ends."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(request)
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return answer
