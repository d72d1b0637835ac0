"""handlebars.js itself, asked about many templates at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# handlebars.js compiles each template; so many take seconds, on a busy machine a minute.
AT_ONCE = 1000
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
    return [answer for at in range(0, len(lines), AT_ONCE) for answer in _answers(lines[at : at + AT_ONCE])]


def _answers(lines: list[str]) -> Iterator[tuple[str, ...] | str]:
    program = Path(__file__).with_name("oracle.cjs")
    done = subprocess.run(
        [_node(), str(program)], input="\n".join(lines), capture_output=True, text=True, timeout=600, check=True
    )
    # Not by lines: JSON leaves U+0085 as it is, which Python takes for the end of one.
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert len(answers) == len(lines), done.stderr
    yield from (tuple(answer["texts"]) if "texts" in answer else answer["error"] for answer in answers)


def _node() -> str:
    node = shutil.which("node")
    if node and (ROOT / "node_modules" / "handlebars").is_dir():
        return node
    reason = "The comparison with handlebars.js needs node and `npm ci` in the project's root."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
