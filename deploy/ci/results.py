"""What the checks found, as counts and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from deploy.ci.tools import Tool

NO_TESTS = 5  # pytest's exit status when a selection holds no test


@dataclass(kw_only=True)
class Result:
    """One check's verdict; ``seconds`` is wall time."""

    name: str
    status: int
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether it found nothing wrong."""
        return self.status == 0


def read_report(report: Path | None) -> tuple[int, int, list[str]]:
    """Passed, failed and skipped tests of a JUnit file; the last with their reasons."""
    if report is None or not report.exists():
        return 0, 0, []
    passed = failed = 0
    skipped: list[str] = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314  pytest wrote it a moment ago
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is not None:
            skipped.append(f"{case.get('classname')}: {case.get('name')}: {skip.get('message')}")
        else:
            passed += 1
    return passed, failed, skipped


def table(results: Sequence[Result], lacking: Sequence[Tool], seconds: float) -> str:
    """The closing words: a line for each check, what could not run, and the counts last; ``seconds`` is the whole."""
    lines = ["", f"{'check':<16}{'verdict':<10}{'seconds':>8}  tests"]
    for result in results:
        counts = f"{result.passed} passed, {result.failed} failed" if result.passed or result.failed else ""
        lines.append(f"{result.name:<16}{'ok' if result.good else 'FAILED':<10}{result.seconds:>8.1f}  {counts}")
    skipped = [text for result in results for text in result.skipped]
    lines += _loudly("NOT RUN", skipped) if skipped else []
    lines += _loudly("MISSING", [f"{t.name}, for {t.serves}. Get it: {t.advice}" for t in lacking]) if lacking else []
    lines.append(f"{'all':<16}{'':<10}{seconds:>8.1f}")
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    lines.append(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    return "\n".join(lines)


def _loudly(title: str, texts: Sequence[str]) -> list[str]:
    return ["", "!" * 78, *(f"!! {title}: {text}" for text in texts), "!" * 78, ""]
