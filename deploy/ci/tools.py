"""What tests need beyond Python packages: fetched when we may, named loudly when we may not."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Something from outside; ``serves`` says which tests need it, ``advice`` how to get it by hand."""

    name: str
    serves: str
    advice: str
    there: Callable[[], bool]
    fetch: Callable[[], None]


def tools() -> list[Tool]:
    """Chromium, Node and the checkers that run on it, in the order of need."""
    return [
        Tool(
            name="Chromium",
            serves="browser tests",
            advice="apt-get install -y chromium",
            there=lambda: shutil.which("chromium") is not None,
            fetch=lambda: _apt("chromium", "fonts-dejavu-core"),
        ),
        Tool(
            name="Node.js with npm",
            serves="the FHIR validator and axe",
            advice="apt-get install -y nodejs npm",
            there=lambda: bool(shutil.which("node") and shutil.which("npm")),
            fetch=lambda: _apt("nodejs", "npm"),
        ),
        Tool(
            name="npm packages of package-lock.json",
            serves="FHIR validation and accessibility checks",
            advice="npm ci",
            there=_packages_there,
            fetch=_npm,
        ),
    ]


def missing(say: Callable[[str], None]) -> list[Tool]:
    """Fetch what is not there, and return what still is not."""
    for tool in tools():
        if not tool.there():
            say(f"fetching {tool.name}, for {tool.serves}")
            tool.fetch()
    return [tool for tool in tools() if not tool.there()]


def _packages_there() -> bool:
    kept = ROOT / "node_modules" / ".package-lock.json"
    return kept.exists() and kept.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime


def _npm() -> None:
    if not shutil.which("npm"):
        return
    _quietly("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    kept = ROOT / "node_modules" / ".package-lock.json"
    if kept.exists():
        kept.touch()


def _apt(*packages: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    _quietly("apt-get", "update", "-qq")
    _quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def _quietly(*command: str) -> None:
    """Failure shows itself by the tool still missing."""
    subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
