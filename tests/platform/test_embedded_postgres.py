"""The PostgreSQL out of a wheel: starting, adopting, stopping, surviving."""

import concurrent.futures
import os
import signal
import socket
import threading
from pathlib import Path

import psycopg
import pytest

from config.runtime.embedded import EmbeddedPostgres, ServiceError, process
from config.runtime.embedded.watchdog import Watch
from tests.platform.waiting import until


def server(data: Path, port: int | None = None) -> EmbeddedPostgres:
    return EmbeddedPostgres(data / "postgres", port)


def note(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (body text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM note")]


def test_it_starts_from_nothing_and_keeps_rows_over_a_restart(data: Path) -> None:
    first = server(data).start()
    note(first.ensure_database("sop"), "kept")
    first.stop()
    assert not first.running()
    assert notes(server(data).start().url("sop")) == ["kept"]


def test_a_second_starter_adopts_the_running_server(data: Path) -> None:
    first, second = server(data).start(), server(data).start()
    assert (first.pid, first.port) == (second.pid, second.port)


def test_concurrent_starters_make_one_server(data: Path) -> None:
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = {(s.pid, s.port) for s in pool.map(lambda _: server(data).start(), range(4))}
    assert len(found) == 1


def test_concurrent_callers_make_one_database(data: Path) -> None:
    first = server(data).start()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(lambda _: first.ensure_database("sop"), range(4)))
    assert urls == {first.url("sop")}


def test_a_killed_server_starts_again_with_its_rows(data: Path) -> None:
    first = server(data).start()
    note(first.ensure_database("sop"), "survives")
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: not process.alive(first.pid), "the killed server is gone")
    again = server(data).start()
    assert again.pid != first.pid
    assert notes(again.url("sop")) == ["survives"]


def test_a_lock_whose_number_now_belongs_to_another_process_is_dropped(data: Path) -> None:
    first = server(data).start()
    first.stop()
    lock = first.cluster.data / "postmaster.pid"
    lines = [str(os.getpid()), str(first.cluster.data), "1", str(first.port), "", "127.0.0.1", "", "ready"]
    lock.write_text("\n".join(lines) + "\n")
    assert not first.running()
    assert server(data).start().pid != os.getpid()


def test_it_keeps_its_port_while_that_is_free_and_takes_another_when_not(data: Path) -> None:
    first = server(data).start()
    first.stop()
    again = server(data).start()
    assert again.port == first.port
    again.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        assert server(data).start().port != first.port


def test_a_port_asked_for_and_taken_is_named_with_its_setting(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=rf"Port {port} is taken .* SOP_POSTGRES_PORT"):
            server(data, port).start()


def test_it_listens_on_the_loopback_alone_and_asks_for_the_password(data: Path) -> None:
    first = server(data).start()
    with psycopg.connect(first.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW max_connections").fetchone() == ("200",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(first.url().replace(first.password, "wrong"))


def test_a_server_that_cannot_start_says_what_the_server_said(data: Path) -> None:
    first = server(data).start()
    first.stop()
    (first.cluster.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServiceError, match="no_such_setting"):
        server(data).start()


def test_the_password_is_readable_by_its_owner_alone(data: Path) -> None:
    first = server(data).start()
    assert (first.home / "password").stat().st_mode & 0o077 == 0
    assert first.cluster.data.stat().st_mode & 0o077 == 0


def test_a_private_folder_serves_its_owner_and_root_whose_server_runs_under_another_account(data: Path) -> None:
    data.mkdir()
    data.chmod(0o700)
    first = server(data).start()
    try:
        note(first.ensure_database("sop"), "reached")
        assert first.cluster.data.is_relative_to(data) is (os.geteuid() != 0)
        assert data.stat().st_mode & 0o777 == 0o700
        assert first.cluster.sockets.stat().st_mode & 0o777 == 0o700
        assert process.alive(first.pid)
        assert server(data).start().pid == first.pid
    finally:
        first.stop()


def test_a_folder_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match="SOP_DATA_DIR"):
        EmbeddedPostgres(tmp_path / "file" / "below").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server an account of its own")
def test_a_folder_that_is_closed_later_never_becomes_an_empty_database_elsewhere(data: Path) -> None:
    server = EmbeddedPostgres(data / "postgres")
    server.start().ensure_database("kept")
    server.stop()
    place = server.cluster.data
    data.chmod(0o700)
    try:
        assert EmbeddedPostgres(data / "postgres").cluster.data == place
    finally:
        data.chmod(0o755)


def test_a_killed_server_is_revived_on_its_port_with_its_data(data: Path) -> None:
    server = EmbeddedPostgres(data / "postgres")
    with psycopg.connect(server.start().ensure_database("kept"), autocommit=True) as connection:
        connection.execute("CREATE TABLE held (n int)")
        connection.execute("INSERT INTO held VALUES (7)")
    pid, port = server.pid, server.port
    os.kill(pid, signal.SIGKILL)
    until(lambda: not server.process_lives(), "the server is dead")
    said: list[str] = []
    watch = Watch([server], said.append, threading.Lock())
    watch.look()
    assert server.process_lives(), said
    assert (server.port, server.pid != pid) == (port, True)
    with psycopg.connect(server.url("kept")) as connection:
        assert connection.execute("SELECT n FROM held").fetchall() == [(7,)]
    watch.look()
    assert len(said) == 2  # once dead, once back


def test_a_server_whose_port_was_taken_meanwhile_waits_for_it(data: Path) -> None:
    server = EmbeddedPostgres(data / "postgres")
    server.start()
    server.stop()
    said: list[str] = []
    watch = Watch([server], said.append, threading.Lock())
    with socket.create_server(("127.0.0.1", server.port)):
        watch.look()
        assert "does not start" in said[-1]
    watch.look()
    assert "is back" in said[-1]
