"""Importing settings is for everybody, a type checker and an editor too: no socket is opened and nothing started."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.runtime.embedded import Stack, addresses, start_missing
from config.runtime.embedded.stack import DATABASE
from deploy.ci.environment import production_like

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(f"config.settings.{path.stem}" for path in (ROOT / "config" / "settings").glob("[a-z]*.py"))
WATCHED = """
import importlib, sys
HEARD = ("socket.", "subprocess.", "os.fork", "os.posix_spawn", "os.exec", "os.spawn", "os.system")
def heed(event, arguments):
    if event.startswith(HEARD) and event not in ("socket.gethostname",):
        raise SystemExit(f"importing did {event} {arguments}")
sys.addaudithook(heed)
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def load(modules: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "SOP_DATA_DIR": str(folder)} | environment
    command = [sys.executable, "-c", WATCHED, *modules]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("production", [False, True])
def test_importing_any_settings_opens_no_socket_and_starts_no_process(production: bool, tmp_path: Path) -> None:
    modules = [module for module in MODULES if module.endswith("production") == production]
    assert modules
    done = load(modules, tmp_path, **(production_like(tmp_path) if production else {"SOP_EMBEDDED": "1"}))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "postgres").exists()
    assert not (tmp_path / "valkey").exists()


@pytest.mark.parametrize("deed", ["import socket; socket.socket()", "import subprocess; subprocess.run(['true'])"])
def test_the_watcher_hears_what_it_must(deed: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", f"{WATCHED}\n{deed}", "json"], capture_output=True, text=True)
    assert "importing did" in done.stderr


def test_the_addresses_are_those_of_the_servers_that_were_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert addresses.database_address().endswith(f":{addresses.NOWHERE}/{DATABASE}")
    monkeypatch.setenv("SOP_EMBEDDED", "0")
    start_missing("config.settings.dev")
    monkeypatch.delenv("SOP_EMBEDDED")
    start_missing("config.settings.production")
    assert not (tmp_path / "postgres").exists()
    try:
        start_missing("config.settings.dev")
        stack = Stack()
        with psycopg.connect(addresses.database_address()) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == (DATABASE,)
        assert stack.valkey.start().url() == addresses.redis_address()
    finally:
        Stack().stop()
