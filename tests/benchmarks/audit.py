"""Appending to the audit log: rows a second, how late they are sealed, and its share of a read's cost.

`python -m tests.benchmarks.audit` (`make bench W=audit`).
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import Any
from unittest import mock
from uuid import uuid4

from tests.benchmarks.crypto import own_servers

APPENDS_LIMIT = 1000.0
LAG_LIMIT_S = 5.0
SHARE_LIMIT = 0.10
CALLERS = 8


def appends(*, writers: int, seconds: float) -> tuple[float, float]:
    """(rows a second that are committed, 95th percentile of the seconds until sealed), the scheduler's pace beside."""
    from django.db import connections

    from config.kernel.audit import record
    from config.kernel.audit.chain import seal
    from config.runtime.background.scheduler import TICK_SECONDS

    over = time.perf_counter() + seconds
    counts, done = [0] * writers, threading.Event()

    def write(number: int) -> None:
        try:
            while time.perf_counter() < over:
                record(context="cases", action="case.read", patient_id=uuid4(), object_type="case", object_id=uuid4())
                counts[number] += 1
        finally:
            connections.close_all()

    def sealing() -> None:
        try:
            while not done.wait(TICK_SECONDS):
                while seal("cases"):
                    continue
        finally:
            connections.close_all()

    sealer = threading.Thread(target=sealing)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in (sealer, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    sealer.join()
    while seal("cases"):
        continue
    return sum(counts) / seconds, _lag()


def _lag() -> float:
    from django.db import connections

    with connections["cases"].cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM sealed_at - at)::float FROM cases_auditentry WHERE action = 'case.read'"
        )
        return quantiles([row[0] for row in cursor.fetchall()], n=20)[-1]


def share(*, rounds: int, times: int) -> tuple[float, float]:
    """Milliseconds a case page takes of the service: (with its audit row, without), medians of rounds by turns.

    Several callers at once, as in service: one alone would wait for the disk at each commit, which others share.
    """
    from django.db import connections

    from cases.queries import case_reads
    from tests.cases.support import Story
    from tests.client import ApiClient

    story = Story()
    client = ApiClient(story.patient)

    def bare(principal: Any, select: str, values: Any, action: str, **options: Any) -> list[dict[str, Any]]:
        from config.kernel import clock

        given = {"me": principal.user_id, "now": clock.now()} | dict(values)
        return case_reads._run(select, given, True)

    def ask(_: int) -> None:
        assert client.get(f"/cases/{story.id}").status_code == 200

    def run(pool: ThreadPoolExecutor) -> float:
        begun = time.perf_counter()
        list(pool.map(ask, range(times)))
        return (time.perf_counter() - begun) / times * 1000

    with_rows, without = [], []
    with ThreadPoolExecutor(CALLERS) as pool:
        for _ in range(rounds):
            with_rows.append(run(pool))
            with mock.patch.object(case_reads, "_audited", bare):
                without.append(run(pool))
        list(pool.map(lambda _: connections.close_all(), range(CALLERS * 4)))
    return median(with_rows[1:]), median(without[1:])


def main() -> int:
    """Print the figures; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.audit", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=240)
    options = parser.parse_args()
    with own_servers():
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["*"]
        rate, lag = appends(writers=options.writers, seconds=options.seconds)
        ours, bare = share(rounds=options.rounds, times=options.times)
    part = (ours - bare) / ours
    print(f"appends: {rate:,.0f}/s by {options.writers} writers (target ≥ {APPENDS_LIMIT:,.0f}/s)")
    print(f"sealed after: p95 {lag:.2f} s (target ≤ {LAG_LIMIT_S:.0f} s)")
    print(f"case page: {ours:.2f} ms, {bare:.2f} ms without its audit row: {part:.1%} (target ≤ {SHARE_LIMIT:.0%})")
    return int(rate < APPENDS_LIMIT or lag > LAG_LIMIT_S or part > SHARE_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
