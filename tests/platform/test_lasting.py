"""Folders of state: what the mounts say about them, and where an earlier installation has its keys."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.kernel.management.make_secrets import main as make_secrets
from config.runtime.serving import lasting_folders

ROOT = Path(__file__).resolve().parents[2]
MOUNTS = r"""
25 1 0:22 / / rw,relatime - overlay overlay rw,lowerdir=/a
26 25 0:23 / /data rw - tmpfs none rw
27 26 8:1 /volumes/state /data/state rw,relatime shared:1 - ext4 /dev/sda1 rw
28 25 8:1 /x /with\040blank rw - tmpfs none rw
29 25 8:1 /y /twice rw - tmpfs none rw
30 25 8:1 /z /twice rw - xfs none rw
""".strip()


@pytest.mark.parametrize(
    ("folder", "mounted", "kind"),
    [
        ("/data/state/report-keys", "/data/state", "ext4"),
        ("/data/stateless", "/data", "tmpfs"),
        ("/somewhere/else", "/", "overlay"),
        ("/with blank/in", "/with blank", "tmpfs"),
        ("/twice", "/twice", "xfs"),
    ],
)
def test_the_file_system_of_a_folder_is_the_nearest_mount(folder: str, mounted: str, kind: str) -> None:
    assert lasting_folders.mount_of(Path(folder), MOUNTS) == (Path(mounted), kind)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1 0 0:1 / / rw - overlay none rw", "the container's own layer"),
        ("1 0 0:1 / / rw - tmpfs none rw", "lies in memory"),
        ("1 0 0:1 / / rw - ext4 none rw", ""),
        ("1 0 0:1 / / rw - nfs4 none rw", ""),
    ],
)
def test_a_folder_that_ends_with_its_container_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, told: str
) -> None:
    (tmp_path / "mounts").write_text(line)
    monkeypatch.setattr(lasting_folders, "MOUNTS", tmp_path / "mounts")
    found = list(lasting_folders.folder_faults("SOP_STATE_DIR", tmp_path / "state"))
    assert bool(found) == bool(told)
    assert all(told in fault and fault.startswith("SOP_STATE_DIR: ") for fault in found)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (found,) = lasting_folders.folder_faults("EXPORTS_DIR", tmp_path / "file" / "exports")
    assert "cannot be written to" in found


def places(folder: Path, **environment: str) -> list[str]:
    says = (
        "from config.settings import environment as e, security as s, storage as t;"
        "print(s.REPORT_KEYS_DIR, s.AUDIT_HEADS_DIR, s.AUDIT_HEADS_KEY, t.EXPORTS_DIR, t.KEY_SHARES_DIR, sep='\\n')"
    )
    surroundings = {"PATH": os.environ["PATH"], "SOP_DATA_DIR": str(folder), "SOP_EMBEDDED": "1"} | environment
    told = subprocess.run([sys.executable, "-c", says], cwd=ROOT, env=surroundings, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


NAMES = ("report-keys", "audit-heads", "audit-heads.pem", "exports", "key-shares")


def test_all_state_lies_in_one_folder_apart_from_the_secrets(tmp_path: Path) -> None:
    state = tmp_path / "state"
    elsewhere = {"SOP_STATE_DIR": str(state), "DOCUMENT_STORAGE": "s3"}
    assert places(tmp_path / "data", **elsewhere) == [str(state / name) for name in NAMES]


def test_keys_of_an_installation_from_before_are_used_where_they_are(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert places(data) == [str(data / name) for name in NAMES]
    (data / "secrets" / "reports").mkdir(parents=True)
    (data / "secrets" / "audit-heads.pem").touch()
    kept = places(data)
    assert kept[0] == str(data / "secrets" / "reports")
    assert kept[2] == str(data / "secrets" / "audit-heads.pem")


def test_secrets_are_made_once_for_one_account_and_production_takes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "secrets"
    assert make_secrets([str(folder), "--owner", str(os.geteuid())]) == 0
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert [str(path.relative_to(folder)) for path in files] == [
        "blind_index_key",
        "master_keys",
        "secret_key",
        "signing/0001.pem",
    ]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    before = [path.read_bytes() for path in files]
    assert make_secrets([str(folder), "--owner", str(os.geteuid())]) == 0
    assert [path.read_bytes() for path in files] == before
    assert "left as it was" in capsys.readouterr().out
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SOP_SECRETS_DIR": str(folder),
        "SOP_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://none@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "ALLOWED_HOSTS": "second-opinion.example",
        "PUBLIC_URL": "https://second-opinion.example",
    }
    done = subprocess.run([sys.executable, "-c", "import config.wsgi"], cwd=ROOT, env=surroundings, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_secrets_that_cannot_be_written_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert make_secrets([str(tmp_path / "file")]) == 1
    assert "make_secrets: " in capsys.readouterr().err
