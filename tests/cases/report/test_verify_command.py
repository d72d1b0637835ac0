"""``manage.py verify_report`` in a process that has no network, no database and no settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.domain.report.proof import public_jwk, signed_status
from cases.management.verify_report import main
from tests.cases.report.proofs import KEYS, SIGNER, sealed_pair
from tests.cases.report.samples import ROOT, full_report
from tests.cases.report.test_proof import NOW

# Any attempt to open a socket ends the process.
OFFLINE = (
    "import sys\n"
    "def refuse(event, arguments):\n"
    "    if event.startswith('socket.') and event != 'socket.__new__': raise SystemExit(f'network: {event}')\n"
    "sys.addaudithook(refuse)\n"
    "import runpy\n"
    "sys.argv = ['manage.py', *sys.argv[1:]]\n"
    "runpy.run_path('manage.py', run_name='__main__')\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _, pdf, fhir = sealed_pair()
    (tmp_path / "report.pdf").write_bytes(pdf)
    (tmp_path / "report.json").write_bytes(fhir)
    (tmp_path / "changed.pdf").write_bytes(pdf.replace(b"%PDF-1.", b"%PDF-2."))
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [public_jwk(key) for key in KEYS.values()]}))
    listed = signed_status(SIGNER, issuer="x", at=NOW, superseded=[full_report().report_id], withdrawn=[])
    (tmp_path / "status.jws").write_text(listed + "\n")
    return tmp_path


def run(folder: Path, file: str, *more: str) -> int:
    return main([str(folder / file), "--keys", str(folder / "keys.json"), *more])


def test_it_needs_no_network_no_database_and_no_secret(folder: Path) -> None:
    clean = {"PATH": os.environ["PATH"], "SOP_DATA_DIR": str(folder / "nothing")}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            OFFLINE,
            "verify_report",
            str(folder / "report.pdf"),
            "--keys",
            str(folder / "keys.json"),
        ],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert b"VALID" in done.stdout
    assert b"Newer version unknown" in done.stdout
    assert not (folder / "nothing").exists()


def test_both_files_are_valid_and_a_changed_one_is_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [run(folder, name) for name in ("report.pdf", "report.json", "changed.pdf")] == [0, 0, 1]
    told = capsys.readouterr().out
    assert "CHANGED: this is not what was signed." in told
    assert "Signed by Dr. Amara Okafor, licensed in US-CA" in told


def test_a_status_list_makes_an_old_version_superseded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "report.pdf", "--status", str(folder / "status.jws")) == 3
    assert "SUPERSEDED" in capsys.readouterr().out


@pytest.mark.parametrize(
    "more", [("--status", "report.pdf"), ("--status", "missing"), ("--newer", "changed.pdf"), ("--keys", "status.jws")]
)
def test_help_that_is_not_genuine_is_refused_and_not_passed_over(
    folder: Path, more: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "report.pdf", more[0], str(folder / more[1])) == 2
    assert "VALID" not in capsys.readouterr().out


def test_without_keys_nothing_is_proven(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPORT_KEYS_DIR", str(folder / "none"))
    assert main([str(folder / "report.pdf")]) == 2
    assert "--keys" in capsys.readouterr().err
