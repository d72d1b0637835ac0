"""``manage.py services`` and the addresses that the settings ask for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.runtime.embedded import database_url, redis_url

ROOT = Path(__file__).resolve().parents[2]


def services(action: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SOP_DATA_DIR": str(data)}
    command = [sys.executable, "manage.py", "services", action]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_up_status_down_and_status_again(data: Path) -> None:
    assert services("status", data).returncode == 3
    up = services("up", data)
    assert up.returncode == 0, up.stderr
    ports = re.findall(r"127\.0\.0\.1:(\d+)", up.stdout)
    assert len(ports) == 2
    status = services("status", data)
    assert status.returncode == 0
    assert re.findall(r"127\.0\.0\.1:(\d+)", status.stdout) == ports
    assert services("down", data).returncode == 0
    assert services("status", data).stdout.count("not running") == 2


def test_asking_for_status_starts_nothing(data: Path) -> None:
    services("status", data)
    assert not (data / "postgres" / "data").exists()


def test_an_unknown_action_is_refused(data: Path) -> None:
    assert services("sideways", data).returncode == 2


def test_asking_for_an_address_to_work_with_starts_what_is_needed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_DATA_DIR", str(data))
    url = database_url()
    assert url == database_url()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("sop",)
    assert re.match(r"redis://:.+@127\.0\.0\.1:\d+/0", redis_url())
