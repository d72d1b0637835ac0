"""``python -m deploy.ci [NAME…]``: all checks, or those whose names are given."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.ci.results import NO_TESTS, Result, read_report, table
from deploy.ci.steps import ROOT, Step, steps
from deploy.ci.tools import missing

SERVICES = (sys.executable, "manage.py", "services")


def main(wanted: list[str]) -> int:
    """Run them all, even after a failure; exit status 0 only when every one held."""
    in_ci = os.environ.get("CI", "").lower() in ("1", "true")
    lacking, begin = missing(say), time.monotonic()
    was_up = subprocess.call([*SERVICES, "status"], cwd=ROOT, stdout=subprocess.DEVNULL) == 0
    with tempfile.TemporaryDirectory(prefix="sop-checks-") as scratch:
        asked = [one for one in steps(Path(scratch)) if not wanted or {one.name, one.name.split()[0]} & set(wanted)]
        # They keep one core busy: those before them leave the other one idle.
        begun = {step.name: Run(step) for step in asked if step.beside}
        results = [carry_out(begun.get(step.name) or Run(step)) for step in asked]
    if not was_up:
        subprocess.call([*SERVICES, "down"], cwd=ROOT, stdout=subprocess.DEVNULL)
    say(table(results, lacking, time.monotonic() - begin))
    if not all(result.good for result in results):
        return 1
    return 1 if in_ci and (lacking or any(result.skipped for result in results)) else 0


class Run:
    """A check that has begun; a quiet one's output is kept until it ends."""

    def __init__(self, step: Step) -> None:
        self.step, self._begun = step, time.monotonic()
        if not step.beside:
            say(f"\n=== {step.name}")
        self._output = None if step.loud else tempfile.TemporaryFile("w+")  # noqa: SIM115  open until the check ends
        self._process = subprocess.Popen(
            step.command,
            cwd=ROOT,
            env=os.environ | step.environment,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=None if step.loud else subprocess.STDOUT,
        )

    def end(self) -> tuple[int, float, str]:
        """Wait for it: its status, the seconds that it took, and what it said if that was not shown."""
        if self.step.beside:
            say(f"\n=== {self.step.name}")
        status = self._process.wait()
        seconds = time.monotonic() - self._begun
        if self._output is None:
            return status, seconds, ""
        self._output.seek(0)
        with self._output as output:
            return status, seconds, output.read()


def carry_out(run: Run) -> Result:
    """Wait for one check; a quiet one's output is shown when it fails."""
    status, seconds, output = run.end()
    if status and output:
        say(output.rstrip())
    passed, failed, skipped = read_report(run.step.tests)
    empty = run.step.tests is not None and status == NO_TESTS
    return Result(
        name=run.step.name,
        status=0 if empty else status,
        seconds=seconds,
        passed=passed,
        failed=failed,
        skipped=skipped,
    )


def say(text: str) -> None:
    """Print at once: a reader of a pipe follows along."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
