"""The Valkey out of a wheel."""

import os
import signal
import socket
from pathlib import Path

import pytest
import redis

from config.runtime.embedded import EmbeddedValkey, ServiceError
from config.runtime.embedded.valkey_ping import answers


def server(data: Path, port: int | None = None) -> EmbeddedValkey:
    return EmbeddedValkey(data / "valkey", port)


def client(started: EmbeddedValkey) -> "redis.Redis":
    return redis.Redis.from_url(started.url())


def test_it_starts_is_adopted_and_keeps_data_over_a_restart(data: Path) -> None:
    first = server(data).start()
    with client(first) as connection:
        connection.set("key", "kept")
    second = server(data).start()
    assert (second.pid, second.port) == (first.pid, first.port)
    second.stop()
    assert not first.running()
    with client(server(data).start()) as connection:
        assert connection.get("key") == b"kept"


def test_a_killed_server_starts_again(data: Path) -> None:
    first = server(data).start()
    os.kill(first.pid, signal.SIGKILL)
    again = server(data).start()
    assert again.pid != first.pid
    assert answers(again.port, again.password)


def test_it_never_evicts_what_it_was_given(data: Path) -> None:
    with client(server(data).start()) as connection:
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert connection.config_get("appendonly") == {"appendonly": "yes"}


def test_a_wrong_password_is_no_answer(data: Path) -> None:
    first = server(data).start()
    assert answers(first.port, first.password)
    assert not answers(first.port, "wrong")


def test_a_port_asked_for_and_taken_is_named_with_its_setting(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServiceError, match="SOP_VALKEY_PORT"):
        server(data, taken.getsockname()[1]).start()


def test_a_stale_note_of_another_server_is_not_believed(data: Path) -> None:
    first = server(data).start()
    first.stop()
    (first.home / "server").write_text(f"{os.getpid()} {first.port}")
    assert not server(data).running()
    assert server(data).start().running()


def test_a_program_that_is_no_server_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_VALKEY_BIN", "/bin/false")
    with pytest.raises(ServiceError, match="did not start"):
        server(data).start()
