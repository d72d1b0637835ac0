"""The whole process tree, hurt on purpose."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.kernel.embedded import Stack
from config.kernel.embedded.process import alive, runs
from tests.platform.running import NAMES, ROOT, Product
from tests.platform.waiting import until


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
    assert second.start().wait(30) == 2
    assert "Another launcher serves from" in second.said()
    assert product.status("/readyz") == 200


@pytest.mark.slow
def test_health_is_asked_for_as_the_image_does(product: Product) -> None:
    command = [sys.executable, "manage.py", "serve", "health"]
    environment = os.environ | {"SOP_DATA_DIR": str(product.data)}
    assert subprocess.call(command, cwd=ROOT, env=environment) == 0
    assert subprocess.call(command, cwd=ROOT, env=environment | {"SOP_DATA_DIR": str(product.data / "none")}) == 1


@pytest.mark.slow
def test_after_a_kill_of_everything_it_starts_again_within_fifteen_seconds(product: Product) -> None:
    assert product.process
    programs = product.pids()
    supervisord = int((product.data / "run" / "supervisord.pid").read_text())
    stack = Stack(product.data)
    until(lambda: all(server.running() for server in stack.servers()), "both servers answer")
    for pid in (product.process.pid, supervisord, *programs.values(), stack.postgres.pid, stack.valkey.pid):
        os.kill(pid, signal.SIGKILL)
    product.process.wait(10)
    begun = time.monotonic()
    product.start()
    product.await_ready()
    assert time.monotonic() - begun <= 15 * _slowness()
    until(lambda: set(product.pids()) == NAMES, "every process runs")


@pytest.mark.slow
def test_processes_of_a_killed_launcher_end_by_themselves(product: Product) -> None:
    assert product.process
    assert len(product.everything()) > len(NAMES)
    product.process.kill()
    product.process.wait(10)
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
    begun = time.monotonic()
    product.process.terminate()
    until(lambda: product.status("/readyz") == 503, "readiness is red", 3)
    assert product.status("/healthz") == 200
    assert product.process.wait(40) == 0
    assert time.monotonic() - begun <= 25
    assert not any(alive(pid) for pid in programs.values())
    assert not any(server.running() for server in Stack(product.data).servers())


def test_a_lone_role_without_servers_says_what_it_needs(tmp_path: Path) -> None:
    product = Product(tmp_path / "data")
    assert product.start("worker").wait(30) == 2
    assert "'worker' needs DATABASE_URL and REDIS_URL" in product.said()


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    import socket

    product = Product(tmp_path / "data")
    with socket.create_server(("127.0.0.1", product.port)):
        assert product.start().wait(40) == 2
    assert f"Port {product.port} is taken" in product.said()
    assert "set PORT" in product.said()


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    assert Product(tmp_path / "data").start("everything").wait(30) == 2


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_postgres(pid: int) -> bool:
    return runs(pid, "postgres")


def _slowness() -> float:
    """The promise is for two idle cores; other suites may share ours."""
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))
