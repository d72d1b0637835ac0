"""Every long run is a command, has its section among the results, and lengthens tests that the suite samples."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance import __main__ as runner
from tests.acceptance.catalogue import CHECKS, Check

ROOT = Path(__file__).resolve().parents[2]
# Switches of tests that are none of their length.
_OTHERS = {"SOP_BEATS_DIR", "SOP_PROGRAM", "SOP_TEST_SUFFIX", "SOP_EMBEDDED", "SOP_DATA_DIR", "SOP_PEER_PYTHON"}


def test_each_names_tests_that_are_there_and_that_read_its_switch() -> None:
    for name, check in CHECKS.items():
        text = "".join((ROOT / path).read_text() for path in check.tests)
        for switch in check.environment:
            assert f'"{switch}"' in text, f"{name}: {switch} is read by none of its tests"


def test_every_switch_that_lengthens_a_test_belongs_to_a_check() -> None:
    known = {switch for check in CHECKS.values() for switch in check.environment}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for switch in re.findall(r"""environ(?:\.get\(|\[)["'](SOP_[A-Z_]+)["']""", path.read_text()):
            assert switch in known | _OTHERS, f"{path} reads {switch}, which no check sets"


def test_every_check_has_its_section_among_the_results() -> None:
    sections = set(re.findall(r"^## (\w+)$", (ROOT / "tests/acceptance/RESULTS.md").read_text(), re.MULTILINE))
    assert sections == set(CHECKS)


def test_a_check_runs_its_tests_with_its_switches_and_its_status_is_the_verdict(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test = tmp_path / "test_planted.py"
    test.write_text("import os\ndef test_it(): assert os.environ['PLANTED'] == 'right'\n")
    for value, status in (("right", 0), ("wrong", 1)):
        planted = Check(proves="it", tests=(str(test),), environment={"PLANTED": value})
        monkeypatch.setattr(runner, "CHECKS", {"planted": planted})
        assert runner.main(["planted"]) == status
    said = capsys.readouterr().out
    assert "`make check W=planted`" in said
    assert "FAILED with status 1" in said


def test_without_a_name_the_checks_are_listed_and_an_unknown_one_is_refused() -> None:
    asked = subprocess.run([sys.executable, "-m", "tests.acceptance"], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 0
    assert all(f"W={name}" in asked.stdout for name in CHECKS)
    assert runner.main(["nonsense"]) == 2
