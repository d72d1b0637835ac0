"""The runner of all checks: what it counts, what it says, and when it fails."""

import os
import sys
from pathlib import Path

import pytest

from deploy.ci import __main__ as runner
from deploy.ci.environment import production_like
from deploy.ci.results import Result, read_report, table
from deploy.ci.steps import CONTEXTS, Step, steps
from deploy.ci.tools import Tool, tools

ROOT = Path(__file__).resolve().parents[2]
REPORT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="a" name="one"/><testcase classname="a" name="two"><failure message="no"/></testcase>
<testcase classname="a" name="three"><skipped message="no Chromium"/></testcase>
<testcase classname="a" name="four"><error message="no"/></testcase>
</testsuite></testsuites>"""


def step(status: int, tests: Path | None = None) -> Step:
    return Step(name="planted", command=(sys.executable, "-c", f"print('said'); exit({status})"), tests=tests)


def missing_tool(fetched: list[str]) -> Tool:
    return Tool(
        name="Chromium",
        serves="browser tests",
        advice="apt-get install -y chromium",
        there=lambda: False,
        fetch=lambda: fetched.append("tried"),
    )


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> dict[str, list]:
    """The runner with planted steps and tools, and no servers touched."""
    chosen: dict[str, list] = {"steps": [step(0)], "missing": []}
    monkeypatch.setattr(runner, "steps", lambda scratch: chosen["steps"])
    monkeypatch.setattr(runner, "missing", lambda say: chosen["missing"])
    monkeypatch.setattr(runner, "SERVICES", (sys.executable, "-c", "", "services"))
    monkeypatch.delenv("CI", raising=False)
    return chosen


def test_all_is_well_when_every_check_is(planted: dict[str, list], capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main([]) == 0
    assert "said" not in capsys.readouterr().out


def test_a_failing_check_fails_the_run_shows_its_words_and_stops_no_other(
    planted: dict[str, list], capsys: pytest.CaptureFixture[str]
) -> None:
    planted["steps"] = [step(1), step(0)]
    assert runner.main([]) == 1
    told = capsys.readouterr().out
    assert told.count("=== planted") == 2
    assert "said" in told
    assert "FAILED" in told


def test_a_check_beside_others_begins_before_them_and_tells_its_end_in_its_place(
    planted: dict[str, list], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Whoever opens one end of a pipe waits for the other.
    os.mkfifo(pipe := tmp_path / "begun")
    waits = f"open({str(pipe)!r}).read()"
    beside = Step(name="beside", command=(sys.executable, "-c", f"open({str(pipe)!r}, 'w'); exit(1)"), beside=True)
    planted["steps"] = [Step(name="first", command=(sys.executable, "-c", waits)), beside]
    assert runner.main([]) == 1
    told = capsys.readouterr().out
    assert told.index("=== first") < told.index("=== beside")


def test_a_selection_without_tests_is_no_failure(planted: dict[str, list], tmp_path: Path) -> None:
    planted["steps"] = [step(5, tests=tmp_path / "none.xml")]
    assert runner.main([]) == 0
    planted["steps"] = [step(5)]
    assert runner.main([]) == 1


def test_a_missing_tool_is_named_loudly_and_fails_only_in_ci(
    planted: dict[str, list], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    planted["missing"] = [missing_tool([])]
    assert runner.main([]) == 0
    assert "!! MISSING: Chromium, for browser tests. Get it: apt-get install -y chromium" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert runner.main([]) == 1


def test_a_skipped_test_is_named_and_fails_in_ci(
    planted: dict[str, list], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    planted["steps"] = [step(0, tests=report)]
    monkeypatch.setenv("CI", "true")
    assert runner.main([]) == 1
    assert "NOT RUN: a: three: no Chromium" in capsys.readouterr().out


def test_a_report_is_counted(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    assert read_report(tmp_path / "report.xml") == (1, 2, ["a: three: no Chromium"])
    assert read_report(tmp_path / "none.xml") == (0, 0, [])


def test_the_last_line_gives_the_counts() -> None:
    results = [Result(name="tests", status=0, seconds=1.5, passed=7, failed=0, skipped=["x"])]
    assert table(results, [], 1.5).splitlines()[-1] == "7 passed, 0 failed, 1 skipped"


def test_every_check_of_the_contract_is_there_and_covers_every_context(tmp_path: Path) -> None:
    listed = steps(tmp_path)
    names = [step.name for step in listed]
    assert names[:7] == ["format", "lint", "walls", "deploy check", "migrations", "architecture", "types"]
    types = next(step.command for step in listed if step.name == "types")
    assert set(CONTEXTS) <= set(types)


def test_fast_browser_and_slow_tests_together_are_all_tests(tmp_path: Path) -> None:
    chosen = {step.name: " ".join(step.command) for step in steps(tmp_path) if step.tests}
    assert "not slow and not browser" in chosen["tests"]
    assert "-m browser and not slow" in chosen["browser"]
    assert chosen["slow tests"].endswith("-m slow")


def test_generated_secrets_are_fresh_each_time(tmp_path: Path) -> None:
    first, second = production_like(tmp_path / "a"), production_like(tmp_path / "b")
    for name in ("SECRET_KEY", "MASTER_KEYS", "BLIND_INDEX_KEY"):
        assert first[name] != second[name]
    assert first["SOP_EMBEDDED"] == "0"


def test_ci_calls_make_test_and_nothing_else() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert len(commands) == 1
    assert commands[0].endswith(" test")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_tool_says_how_to_get_it() -> None:
    assert all(tool.advice and tool.serves for tool in tools())
