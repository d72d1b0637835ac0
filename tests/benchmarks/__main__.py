"""``make bench`` (``make bench W=cases``): own servers, fixed data, ours and the limit by turns; writes RESULTS.md."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("RESULTS.md")
WORKLOADS = (
    "cases",
    "reading",
    "corpus",
    "login",
    "crypto",
    "token",
    "audit",
    "dashboard",
    "matching",
    "admin",
    "flow",
    "requests",
    "growth",
    "search",
    "memory",
    "connections",
    "slow",
    "mails",
    "mail",
    "progress",
    "feeds",
    "sockets",
)


def main() -> int:
    """Run the named workloads, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("workload", nargs="?", choices=WORKLOADS)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()
    if options.workload in (None, "cases"):
        _cases(options)
    others = [name for name in WORKLOADS[1:] if options.workload in (None, name)]
    return max((_run(name) for name in others), default=0)


def _cases(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        os.environ |= {
            "SOP_DATA_DIR": folder,
            "SOP_EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "WARNING",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
            os.environ.pop(name, None)
        from config.runtime.embedded import Stack, database_url, redis_url

        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate_all", verbosity=0)
            from tests.benchmarks import hot_reads

            results = hot_reads.measure(cases=options.cases, rounds=options.rounds, seconds=options.seconds)
            table = "\n".join([hot_reads.HEADER, *(row for result in results for row in result.rows())])
        finally:
            from django.db import connections

            connections.close_all()
            Stack(Path(folder)).stop()
    sys.stdout.write(f"\n{table}\n")
    how = (
        f"`make bench W=cases`, {options.cases:,} cases, {options.rounds} rounds of {options.seconds} s by turns, wrk"
        " with 32 connections, through the whole front, each behind a Caddy with the product's file. Raw: a bare WSGI"
        " application on psycopg with hand-written JSON under gunicorn's threads (2 × 4), which checks the token,"
        " adds one audit row and reads the same rows (`tests/benchmarks/raw.py`); express does the same with pg, in two"
        " processes (`tests/benchmarks/peers`); at equal work it sends the product's own statement (relation and audit"
        " row in one transaction), opens what is sealed, and says the same JSON, which is compared first"
        " (`tests/benchmarks/equal_work.py`). Ours writes its log as in service"
    )
    _keep("cases", how, table)


def _run(name: str) -> int:
    """One workload of its own process, shown as it speaks and kept when it has ended."""
    said = []
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmarks.{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            said += [line] if not line.startswith("Migrated: ") else []
    _keep(name, f"`make bench W={name}`", "".join(said).strip())
    return process.returncode


def _keep(name: str, how: str, table: str) -> None:
    """Replace the workload's section; the others keep theirs, with the commit that they were measured at."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    cores, machine = os.cpu_count(), platform.machine()
    here = f"{cores} cores ({machine}), Python {platform.python_version()}, PostgreSQL 17 on the same machine"
    section = f"## {name}\n{how}, {datetime.now(UTC):%Y-%m-%d}, commit {commit}, {here}.\n\n{table}\n"
    head, *sections = RESULTS.read_text().split("\n## ") if RESULTS.exists() else ["# Measured"]
    kept = {one.partition("\n")[0].strip(): f"## {one.rstrip()}\n" for one in sections} | {name: section}
    RESULTS.write_text("\n".join([f"{head.rstrip()}\n", *(kept[one] for one in sorted(kept))]))


if __name__ == "__main__":
    sys.exit(main())
