"""The npm `fhir` package as a checker that shares no code and no model with the builder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("validate_fhir.cjs")


def errors_of(resources: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The validator's errors and fatal messages for each resource, as `location: message`."""
    node = _node()
    done = subprocess.run(  # one process for all: it takes longer to start than to check
        [node, str(SCRIPT)],
        input=json.dumps(list(resources)).encode(),
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr.decode()
    results = json.loads(done.stdout)
    return [
        [f"{m.get('location')}: {m['message']}" for m in result["messages"] if m["severity"] in ("error", "fatal")]
        for result in results
    ]


def _node() -> str:
    node = shutil.which("node")
    if node and (ROOT / "node_modules" / "fhir").is_dir():
        return node
    reason = "The FHIR validator needs node and `npm ci` in the project's root."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
