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

from config.kernel.embedded.process import free_port
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]
APPLICATION = """
import json
def application(environ, start_response):
    read = 0
    while chunk := environ["wsgi.input"].read(65536):
        read += len(chunk)
    if environ["PATH_INFO"] == "/slow":
        __import__("time").sleep(float(environ["QUERY_STRING"]))
    body = json.dumps({"path": environ["PATH_INFO"], "read": read, "pad": "x" * 2000,
                       "for": environ.get("HTTP_X_FORWARDED_FOR")}).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]
"""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("front")
    (folder / "static" / "admin").mkdir(parents=True)
    (folder / "static" / "admin" / "page.css").write_text("a{}")
    (folder / "echo.py").write_text(APPLICATION)
    port, behind = free_port(), free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-k", "gthread", "--threads", "2"]
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
        [*gunicorn, "-b", f"127.0.0.1:{behind}", "echo:application"], cwd=folder, stderr=subprocess.DEVNULL
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
        process.wait(30)


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
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


def test_a_realtime_process_that_is_away_is_said_to_be_so(front: int) -> None:
    status, headers, body = ask(front, "GET", "/ws/anything")
    assert (status, headers["retry-after"]) == (503, "5")
    assert json.loads(body)["status"] == 503


def test_slow_senders_do_not_hold_the_web_threads(front: int) -> None:
    """Forty half-sent requests stand against two threads, and an honest one passes at once."""
    slow = []
    for _ in range(40):
        connection = socket.create_connection(("127.0.0.1", front), 5)
        connection.sendall(b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf")
        slow.append(connection)
    try:
        assert [ask(front, "GET", "/")[0] for _ in range(10)] == [200] * 10
    finally:
        for connection in slow:
            connection.close()
