"""handlebars.js itself, asked about many templates at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A template, the values it is rendered with one after the other, and for what it is escaped."""

    source: str
    values: tuple[dict[str, Any], ...]
    html: bool


def handlebars(asked: Iterable[Asked]) -> list[tuple[str, ...] | str]:
    """For each template its texts, or why handlebars.js refuses it."""
    lines = [json.dumps({"source": one.source, "values": one.values, "html": one.html}) for one in asked]
    program = Path(__file__).with_name("oracle.cjs")
    # An argument list of our own; nothing of it comes from outside.
    done = subprocess.run(
        [_node(), str(program)], input="\n".join(lines), capture_output=True, text=True, timeout=600, check=True
    )
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert len(answers) == len(lines), done.stderr
    return [tuple(answer["texts"]) if "texts" in answer else answer["error"] for answer in answers]


def _node() -> str:
    node = shutil.which("node")
    if node and (ROOT / "node_modules" / "handlebars").is_dir():
        return node
    reason = "The comparison with handlebars.js needs node and `npm ci` in the project's root."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
