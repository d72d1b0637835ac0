"""Key settings are looked at when a process starts, and defaults never put shares where they would not last."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHOW = (
    "import django; django.setup(); from django.conf import settings as s;"
    " print(repr((s.MASTER_KEY_PROVIDER, s.KEY_SHARES_DIR)))"
)


def start(folder: Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MASTER_", "KEY_"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SOP_DATA_DIR": str(folder),
        "DATABASE_URL": "postgresql://none@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "SECRET_KEY": "x" * 60,
    }
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(
        command, cwd=ROOT, env=environment | surroundings, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("surroundings", "named"),
    [
        ({"MASTER_KEY_PROVIDER": "pocket"}, "MASTER_KEY_PROVIDER"),
        ({"MASTER_KEYS": json.dumps({"1": "c2hvcnQ="})}, "MASTER_KEYS"),
        ({"MASTER_KEY_PROVIDER": "kms"}, "MASTER_KMS_URL"),
        ({"MASTER_KEY_PROVIDER": "file", "MASTER_KEY_RING": "/nowhere/ring"}, "MASTER_KEY_RING"),
    ],
)
def test_a_wrong_setting_ends_the_start_by_name(tmp_path: Path, surroundings: dict[str, str], named: str) -> None:
    done = start(tmp_path, **surroundings)
    assert done.returncode != 0
    assert named in done.stderr.strip().splitlines()[-1]
    assert "c2hvcnQ=" not in done.stderr


def test_shares_lie_beside_the_documents_or_nowhere_unnamed(tmp_path: Path) -> None:
    assert start(tmp_path).stdout.strip() == repr(("file", str(tmp_path / "key-shares")))
    elsewhere = start(tmp_path, DOCUMENT_STORAGE_DIR="/documents")
    assert elsewhere.stdout.strip() == repr(("file", ""))
    named = start(tmp_path, DOCUMENT_STORAGE_DIR="/documents", KEY_SHARES_DIR="/key-shares")
    assert named.stdout.strip() == repr(("file", "/key-shares"))
