"""Every byte that the running product writes is a line of JSON, and one id ties a request to all that comes of it."""

from __future__ import annotations

import http.client
import io
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.kernel.observability.output import JsonLines
from config.runtime.embedded import Stack
from tests.platform.running import Product
from tests.platform.waiting import until

ID = "c0ffee00c0ffee00c0ffee00c0ffee00"
CANARY = "Ptarmigan"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("lines")
    for place in (folder, *folder.parents[:2]):
        place.chmod(0o755)
    running = Product(folder / "data")
    running.start("--logs", "stdout")
    running.await_ready()
    yield running
    running.stop()
    Stack(running.data).stop()


def _lines(product: Product) -> list[dict[str, Any]]:
    return [json.loads(line) for line in product.said().splitlines()]


def _register(product: Product) -> int:
    body = {
        "email": "somebody.new@example.org",
        "password": "a long and quiet sentence",
        "full_name": f"Maria {CANARY}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
    headers = {"Content-Type": "application/json", "X-Request-ID": ID}
    try:
        connection.request("POST", "/api/v1/auth/register", json.dumps(body | {"date_of_birth": "1961-04-17"}), headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.slow
def test_every_byte_is_json_and_one_id_runs_through_all_processes(product: Product) -> None:
    assert _register(product) == 202
    until(lambda: any("somebody.new@example.org" in text for text in _mails(product)), "the mail arrives", 120)
    wanted = {
        ("request", None),
        ("event_handled", "identity.account.registered.v1"),
        ("job_done", "identity.answer_mail_request"),
        ("job_done", "notifications.send_email"),
    }
    until(lambda: wanted <= _told(product), "every process has told of it", 120)
    assert all(line["seconds"] >= 0 for line in _of(product) if line["event"] != "request")
    # Banners, and what is said of those that are killed, too.
    os.kill(product.pids()["web"], signal.SIGKILL)
    product.await_ready()
    told = _lines(product)
    assert all("event" in line or "msg" in line for line in told)
    assert CANARY not in product.said()
    assert not [line for line in told if "%(" in str(line.get("event"))]


def _of(product: Product) -> list[dict[str, Any]]:
    return [line for line in _lines(product) if line.get("request_id") == ID]


def _told(product: Product) -> set[tuple[str, str | None]]:
    return {(line["event"], line.get("kind")) for line in _of(product)}


def _mails(product: Product) -> list[str]:
    return [path.read_text(errors="replace") for path in Path(product.data / "mail").rglob("*") if path.is_file()]


def test_a_traceback_becomes_places_and_a_type_without_its_message() -> None:
    stream = io.StringIO()
    lines = JsonLines(stream, "web")
    lines.write('plain\n{"event": "ours"}\nTraceback (most recent call last):\n  File "/a/b.py", line 7, in f\n    x(')
    lines.write(
        "'Maria Ptarmigan')\npsycopg.errors.UniqueViolation: Key (name)=(Maria Ptarmigan) exists\nDETAIL: Maria\n"
    )
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert CANARY not in stream.getvalue()
    assert "Maria" not in stream.getvalue()
    assert told[1] == {"event": "ours"}
    assert [line.get("path") for line in told if line.get("path")] == ["/a/b.py:7"]
    assert [line.get("error") for line in told if line.get("error")] == ["psycopg.errors.UniqueViolation"]


def test_what_prepares_the_start_keeps_its_words_but_not_those_of_a_traceback() -> None:
    stream = io.StringIO()
    lines = JsonLines(stream, "prepare", keeping=True)
    lines.write("migrations: done in 1.0 s\nTraceback (most recent call last):\nValueError: Maria\nSet DATABASE_URL.\n")
    events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert events == ["migrations: done in 1.0 s", "output", "traceback", "Set DATABASE_URL."]
