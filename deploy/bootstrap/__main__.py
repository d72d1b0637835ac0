"""``python3 -m deploy.bootstrap run|demo|test|check|bench|format|lock|install``: what the Makefile calls."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.bootstrap.demo import demo
from deploy.bootstrap.environment import ROOT, RUN, TEST, CannotBootstrap, ensure, say


def main(arguments: list[str]) -> int:
    """Set up what the order needs, then carry it out; returns the exit status."""
    order, rest = (arguments[0] if arguments else "run"), arguments[1:]
    os.chdir(ROOT)
    if order not in ORDERS:
        say(f"unknown order {order!r}: one of {', '.join(ORDERS)}")
        return 2
    try:
        python = ensure(RUN if order in ("run", "demo", "install") else TEST)
    except CannotBootstrap as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return ORDERS[order](python, rest)


def _become(python: Path, *command: str) -> int:
    sys.stdout.flush()
    os.execv(python, [str(python), *command])  # noqa: S606  the product takes our place, and our signals


def _run(python: Path, rest: list[str]) -> int:
    return _become(python, "manage.py", "serve", "--seed", "--logs", "files", *rest)


def _test(python: Path, rest: list[str]) -> int:
    return _become(python, "-m", "deploy.ci", *rest)


def _check(python: Path, rest: list[str]) -> int:
    return _become(python, "-m", "tests.acceptance", *rest)


def _bench(python: Path, rest: list[str]) -> int:
    return _become(python, "-m", "tests.benchmarks", *rest)


def _lock(python: Path, rest: list[str]) -> int:
    return _become(python, "-m", "deploy.locks", "make", *rest)


def _format(python: Path, rest: list[str]) -> int:
    tidy = subprocess.call([python, "-m", "ruff", "check", "--fix", "--quiet", "."])
    return subprocess.call([python, "-m", "ruff", "format", "."]) or tidy


def _install(python: Path, rest: list[str]) -> int:
    say(f"ready: {python}")
    return 0


ORDERS = {
    "run": _run,
    "demo": demo,
    "test": _test,
    "check": _check,
    "bench": _bench,
    "format": _format,
    "lock": _lock,
    "install": _install,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
