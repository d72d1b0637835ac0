"""A demonstration is awaited as long as it gets on, and its addresses are the real ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.runtime.serving import environment as surroundings
from config.runtime.serving.launch_options import read_options
from deploy.bootstrap import demo
from deploy.bootstrap.start_wait import IDLE_SECONDS, MAX_PROCESSOR_SECONDS, StartWait, tree_seconds

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """A clock and a counter of processor time, both moved by hand."""

    def __init__(self) -> None:
        self.now = self.spent = 0.0
        self.wait = StartWait(lambda: self.spent, lambda: self.now)

    def passes(self, seconds: float, share: float) -> str | None:
        self.now += seconds
        self.spent += seconds * share
        return self.wait.ends()


def test_a_machine_of_a_fiftieth_of_the_speed_is_waited_for_an_hour_and_longer() -> None:
    machine = Machine()
    assert all(machine.passes(60, 0.02) is None for _ in range(90))
    assert machine.now > 5000


def test_a_start_that_hangs_is_given_up() -> None:
    machine = Machine()
    assert machine.passes(IDLE_SECONDS, 0.5) is None
    assert machine.passes(IDLE_SECONDS, 0) is None
    assert machine.passes(1, 0) == f"nothing moved for {IDLE_SECONDS} s"


def test_a_start_that_begins_again_and_again_is_given_up() -> None:
    machine = Machine()
    assert "still not ready" in str(machine.passes(MAX_PROCESSOR_SECONDS + 1, 1))


def test_there_is_news_now_and_then() -> None:
    machine = Machine()
    machine.passes(5, 1)
    assert machine.wait.news() is None
    machine.passes(15, 1)
    assert machine.wait.news() == "still starting after 20 s, 20 s of the processor used"
    assert machine.wait.news() is None


def test_the_processor_time_of_a_tree_counts_children_that_ended_and_sessions_of_their_own() -> None:
    spend = "import time\nwhile time.process_time() < 0.3: pass"
    call = f"subprocess.call([sys.executable, '-c', {spend!r}], start_new_session=True)"
    code = f"import subprocess, sys; {call}; print('done', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        # The kernel accounts in ticks and may round down once for each process.
        assert tree_seconds(parent.pid) >= 0.3 - 2 / os.sysconf("SC_CLK_TCK")
        parent.communicate(b"\n")
    assert tree_seconds(parent.pid) == 0


def test_a_server_that_ended_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOP_DATA_DIR", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", "pass"]) as server:
        assert demo._await_ready(server) is None


def options(**environment: str):
    return read_options(environment, role="all", seed=False, migrate=None, logs_to_files=False)


def test_port_nought_takes_one_that_is_free() -> None:
    first, second = options(PORT="0"), options(PORT="0")
    assert first.port > 1023
    assert first.port != second.port
    assert first.base_url == f"http://127.0.0.1:{first.port}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "http://127.0.0.1:8123"), ({"PUBLIC_URL": "https://own.example"}, "https://own.example")],
)
def test_links_name_the_port_at_which_the_launcher_listens(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: str
) -> None:
    for name in ("PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    monkeypatch.setenv("SOP_EMBEDDED", "1")
    monkeypatch.setattr(surroundings, "Stack", _NoStack)
    surroundings.surround(options(PORT="8123"), lambda text: None)
    assert os.environ["PUBLIC_URL"] == expected


def test_settings_alone_name_the_port_too(tmp_path: Path) -> None:
    says = "from config.settings import base; print(base.PUBLIC_URL)"
    environment = {"PATH": os.environ["PATH"], "SOP_DATA_DIR": str(tmp_path), "SOP_EMBEDDED": "1", "PORT": "8124"}
    told = subprocess.run([sys.executable, "-c", says], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.stdout.strip() == "http://127.0.0.1:8124", told.stderr


class _NoStack:
    """Servers that are there already."""

    def __init__(self, folder: Path) -> None:
        self.postgres = self.valkey = self
        self.port = 1

    def start(self) -> "_NoStack":
        return self

    def ensure_database(self, name: str) -> None:
        """It is there."""

    def url(self, name: str = "") -> str:
        return f"postgresql://none@127.0.0.1:9/{name}" if name else "redis://127.0.0.1:9/0"
