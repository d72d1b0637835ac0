"""The whole process tree, hurt on purpose."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.embedded import Stack
from config.runtime.embedded.process import alive, runs
from config.runtime.heartbeats import FROZEN_SECONDS, SILENT_SECONDS
from config.runtime.serving.launch_options import read_options
from deploy.bootstrap.start_wait import tree_seconds
from tests.platform.probing import Probes, asked
from tests.platform.running import NAMES, ROOT, Product
from tests.platform.waiting import until

SIGNED_IN, COOKIE = "/dashboard/sign-in", {"Cookie": "sop_session=abcdefghijklmnopqrstuvwxyz012345"}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    for place in (folder, *folder.parents[:2]):
        place.chmod(0o755)
    running = Product(folder / "data")
    running.start()
    running.await_ready()
    yield running
    running.stop()
    Stack(running.data).stop()


@pytest.mark.slow
def test_the_end_of_one_process_ends_no_other_and_it_comes_back(product: Product) -> None:
    until(lambda: set(product.pids()) == NAMES, "every process runs")
    for name in sorted(NAMES):
        before = product.pids()
        children = _children(before[name])
        os.kill(before[name], signal.SIGKILL)
        until(lambda name=name, dead=before[name]: product.pids().get(name, dead) != dead, f"{name} is back")
        after = product.pids()
        until(
            lambda children=children: not any(alive(child) for child in children), f"no child of the old {name} is left"
        )
        assert {n: p for n, p in after.items() if n != name} == {n: p for n, p in before.items() if n != name}
    product.await_ready()


@pytest.mark.slow
def test_a_second_launcher_in_the_same_folder_is_refused(product: Product) -> None:
    second = Product(product.data)
    second.output = product.data.with_name("second.log")
    assert second.start().wait(300) == 2
    assert "Another launcher serves from" in second.said()
    assert product.status("/readyz") == 200


@pytest.mark.slow
def test_health_is_asked_for_as_the_image_does(product: Product) -> None:
    command = [sys.executable, "manage.py", "serve", "health"]
    environment = os.environ | {"SOP_DATA_DIR": str(product.data)}
    assert subprocess.call(command, cwd=ROOT, env=environment) == 0
    assert subprocess.call(command, cwd=ROOT, env=environment | {"SOP_DATA_DIR": str(product.data / "none")}) == 1


@pytest.mark.slow
def test_a_killed_supervisor_is_begun_again_and_nothing_of_the_old_one_is_left(product: Product) -> None:
    before = product.pids()
    supervisor = int((product.data / "run" / "supervisor.pid").read_text())
    os.kill(supervisor, signal.SIGKILL)
    until(lambda: set(product.pids()) == NAMES and not set(product.pids().values()) & set(before.values()), "all anew")
    product.await_ready()
    assert not any(alive(pid) for pid in before.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_an_embedded_server_that_is_killed_comes_back_with_what_it_held(product: Product, name: str) -> None:
    stack = Stack(product.data)
    until(lambda: all(server.running() for server in stack.servers()), "both servers answer")
    server, port, programs = getattr(stack, name), getattr(stack, name).port, product.pids()
    os.kill(server.pid, signal.SIGKILL)
    dead = server.pid
    until(lambda: getattr(Stack(product.data), name).running(), f"{name} is back")
    until(lambda: server.running() and server.pid != dead, f"{name} answers")
    assert server.port == port
    product.await_ready()
    assert product.status("/api/v1/cases") == 401  # web goes on by itself
    assert product.pids() == programs


@pytest.mark.slow
def test_health_is_told_while_database_and_valkey_are_silent_and_every_web_thread_waits(product: Product) -> None:
    stack = Stack(product.data)
    chosen = read_options({}, role="all", seed=False, migrate=None, logs_to_files=False)
    until(lambda: all(server.running() for server in stack.servers()), "both servers answer")
    said = _unavailable(product)
    frozen = [stack.valkey.pid, stack.postgres.pid, *_children(stack.postgres.pid)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        # A limit that a loaded machine keeps, too: before, it was as long as the database was silent.
        with Probes(product.port, limit=4) as probes:
            callers = [threading.Thread(target=asked, args=(product.port, "/readyz/", 60)) for _ in range(16)]
            callers += [threading.Thread(target=asked, args=(product.port, SIGNED_IN, 60, COOKIE)) for _ in range(32)]
            for caller in callers:
                caller.start()
            until(lambda: product.status("/readyz") == 503, "readiness is red", 60)
            for caller in callers:
                caller.join(120)
            assert not any(caller.is_alive() for caller in callers), "a web thread still waits"
        # Who waits in vain writes one line, and who is refused writes none: nobody stood behind a second wait.
        assert 0 < _unavailable(product) - said <= chosen.web_workers * chosen.web_threads
        assert probes.answers
        assert probes.failures == []
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    product.await_ready()


def _unavailable(product: Product) -> int:
    return (product.data / "logs" / "web.log").read_text().count('"database_unavailable"')


@pytest.mark.slow
def test_a_frozen_process_is_named(product: Product) -> None:
    relay = product.pids()["relay-scheduler"]
    beat = product.data / "run" / "beats" / f"relay-scheduler.{relay}"
    os.kill(relay, signal.SIGSTOP)
    try:
        # As if the time had passed already.
        until(lambda: _aged(beat, SILENT_SECONDS + 5), "the process stands still")
        command = [sys.executable, "manage.py", "serve", "health"]
        environment = os.environ | {"SOP_DATA_DIR": str(product.data)}
        told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert told.returncode == 1
        assert f"relay-scheduler {relay} has been silent" in told.stderr
        assert product.status("/healthz") == 200  # it is ended and begun anew: nobody else has to be
        os.utime(beat, (time.time() - FROZEN_SECONDS - 5,) * 2)
        until(lambda: product.pids().get("relay-scheduler", relay) != relay, "it is ended and begun anew")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(relay, signal.SIGCONT)
    until(lambda: set(product.pids()) == NAMES, "every process runs")


@pytest.mark.slow
def test_after_a_kill_of_everything_it_starts_again_within_fifteen_seconds(product: Product) -> None:
    assert product.process
    programs = product.pids()
    supervisor = int((product.data / "run" / "supervisor.pid").read_text())
    stack = Stack(product.data)
    until(lambda: all(server.running() for server in stack.servers()), "both servers answer")
    for pid in (product.process.pid, supervisor, *programs.values(), stack.postgres.pid, stack.valkey.pid):
        os.kill(pid, signal.SIGKILL)
    product.process.wait(300)
    product.start()
    product.await_ready()
    spent = tree_seconds(product.process.pid)
    assert spent <= 60, f"{spent:.0f} s of the processor for a start of fifteen seconds on two cores"
    until(lambda: set(product.pids()) == NAMES, "every process runs")


@pytest.mark.slow
def test_processes_of_a_killed_launcher_end_by_themselves(product: Product) -> None:
    assert product.process
    assert len(product.everything()) > len(NAMES)
    product.process.kill()
    product.process.wait(300)
    until(
        lambda: not any(alive(pid) for pid in product.everything() if not _is_postgres(pid)), "no process is left", 25
    )
    product.start()
    product.await_ready()


@pytest.mark.slow
def test_sigterm_turns_readiness_red_drains_and_ends_all_within_25_seconds(product: Product) -> None:
    assert product.process
    until(lambda: set(product.pids()) == NAMES, "every process runs")
    programs = product.pids()
    product.process.terminate()
    until(lambda: product.status("/readyz") == 503, "readiness is red", 3)
    assert product.status("/healthz") == 200
    assert product.process.wait(300) == 0
    # The shares of the time that the whole may take; who does not keep its share is killed.
    chosen = read_options({}, role="all", seed=False, migrate=None, logs_to_files=False)
    assert chosen.drain + chosen.stop + 2 <= 25
    assert not any(alive(pid) for pid in programs.values())
    assert not any(server.running() for server in Stack(product.data).servers())


def test_a_lone_role_without_servers_says_what_it_needs(tmp_path: Path) -> None:
    product = Product(tmp_path / "data")
    assert product.start("worker").wait(300) == 2
    assert "'worker' needs DATABASE_URL and REDIS_URL" in product.said()


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    product = Product(tmp_path / "data")
    with socket.create_server(("127.0.0.1", product.port)):
        assert product.start().wait(300) == 2
    assert f"Port {product.port} is taken" in product.said()
    assert "set PORT" in product.said()


@pytest.mark.parametrize("setting", ["METRICS_PORT", "OPS_PORT"])
def test_a_taken_port_of_the_listeners_for_operators_is_refused(tmp_path: Path, setting: str) -> None:
    product = Product(tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert product.start(**{setting: str(port)}).wait(300) == 2
    assert f"Port {port} of 127.0.0.1 is taken by another program: set {setting} to a free one." in product.said()
    assert "READY" not in product.said()


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    assert Product(tmp_path / "data").start("everything").wait(300) == 2


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _aged(beat: Path, seconds: float) -> bool:
    """Make the last sign of life older; true once nobody makes it young again."""
    os.utime(beat, (time.time() - seconds,) * 2)
    time.sleep(1.5)
    return time.time() - beat.stat().st_mtime > seconds


def _is_postgres(pid: int) -> bool:
    return runs(pid, "postgres")
