"""``make check W=NAME``: one long run; without a name, the list. Prints the section that RESULTS.md keeps of it."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.acceptance.catalogue import CHECKS

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Run the named checks one after the other; the exit status is the worst one's."""
    unknown = [name for name in arguments if name not in CHECKS]
    if unknown or not arguments:
        for name, check in CHECKS.items():
            print(f"make check W={name:<10} {check.proves}")
        return 2 if unknown else 0
    return max(run(name) for name in arguments)


def run(name: str) -> int:
    """One check, all output shown as it comes."""
    check = CHECKS[name]
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-s", *check.tests]
    status = subprocess.call(command, cwd=ROOT, env=os.environ | check.environment)
    print(section(name, status, time.monotonic() - begun))
    return status


def section(name: str, status: int, seconds: float) -> str:
    """What tests/acceptance/RESULTS.md keeps: the command, the day, the commit, the verdict."""
    asked = ["git", "-c", f"safe.directory={ROOT}", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "no commit"
    verdict = "held" if status == 0 else f"FAILED with status {status}"
    day = datetime.now(UTC).date()
    where = f"{day}, commit {commit}, {os.cpu_count()} cores"
    return f"\n## {name}\n`make check W={name}`, {where}: {verdict} in {seconds:.0f} s."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
