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
    lacking = missing(say)
    was_up = subprocess.call([*SERVICES, "status"], cwd=ROOT, stdout=subprocess.DEVNULL) == 0
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="sop-checks-") as scratch:
        for step in steps(Path(scratch)):
            if not wanted or step.name in wanted or step.name.split()[0] in wanted:
                results.append(carry_out(step))
    if not was_up:
        subprocess.call([*SERVICES, "down"], cwd=ROOT, stdout=subprocess.DEVNULL)
    say(table(results, lacking))
    if not all(result.good for result in results):
        return 1
    return 1 if in_ci and (lacking or any(result.skipped for result in results)) else 0


def carry_out(step: Step) -> Result:
    """Run one check; a quiet one's output is shown when it fails."""
    say(f"\n=== {step.name}")
    begun = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=os.environ | step.environment,
        stdin=subprocess.DEVNULL,
        stdout=None if step.loud else subprocess.PIPE,
        stderr=None if step.loud else subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    if done.returncode and done.stdout:
        say(done.stdout.rstrip())
    passed, failed, skipped = read_report(step.tests)
    empty = step.tests is not None and done.returncode == NO_TESTS
    return Result(
        name=step.name,
        status=0 if empty else done.returncode,
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
