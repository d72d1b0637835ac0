"""What is looked at while hostile documents pour in: the readers' processes, and how long other work waited."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config.kernel.processor_time import processor_seconds
from deploy.bootstrap.start_wait import tree_seconds

# Reading belongs to the flood; everything else that ran meanwhile is others' work.
WAITS = """
SELECT kind, extract(epoch FROM finished_at - greatest(run_after, created_at))::float AS waited FROM (
    SELECT * FROM identity.identity_job UNION ALL SELECT * FROM professionals.professionals_job
    UNION ALL SELECT * FROM cases.cases_job UNION ALL SELECT * FROM analysis.analysis_job
    UNION ALL SELECT * FROM notifications.notifications_job
) job WHERE queue <> 'documents' AND created_at >= %(since)s AND finished_at IS NOT NULL
UNION ALL
SELECT name, extract(epoch FROM sent_at - created_at)::float FROM cases.cases_outboxentry
WHERE created_at >= %(since)s AND sent_at IS NOT NULL
"""
UNDONE = "SELECT count(*) FROM cases.cases_job WHERE queue = 'documents' AND state IN ('QUEUED', 'RUNNING')"
# A due reminder, as the scheduler would have it sent, and what the mails' queue does else.
REMINDER = """
INSERT INTO cases.cases_job (id, kind, queue, subject_id, state, tries, max_tries, run_after, correlation_id,
                             created_at, last_error)
VALUES (gen_random_uuid(), 'cases.remind_of_records', 'bulk', gen_random_uuid(), 'QUEUED', 0, 3, clock_timestamp(), '',
        clock_timestamp(), '')
RETURNING pg_notify('sop_jobs', 'cases')
"""


@dataclass
class Readers:
    """Every reading child below the workers: its processor time (seconds), and the most memory it held (MB)."""

    workers: frozenset[int]
    seconds: dict[int, float] = field(default_factory=dict)
    megabytes: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Readers:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def said(self) -> str:
        longest, largest = max(self.seconds.values()), max(self.megabytes.values())
        return f"{len(self.seconds)} readers, the longest {longest:.1f} s, the largest {largest} MB"

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            for pid in descendants(self.workers):
                self._note(pid)

    def _note(self, pid: int) -> None:
        try:
            if b"cases.adapters.reading.sandbox_child" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return
            status, seconds = Path(f"/proc/{pid}/status").read_text(), processor_seconds(pid)
        except OSError:
            # It has ended meanwhile.
            return
        self.seconds[pid] = max(self.seconds.get(pid, 0.0), seconds)
        held = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
        if held:
            self.megabytes[pid] = max(self.megabytes.get(pid, 0), int(held[0]) // 1024)


class Machine:
    """How many times slower than alone this test and its product ran, because others used the processors."""

    def __init__(self) -> None:
        self._at = self._look()

    def slowness(self) -> float:
        """Since the last look."""
        before, self._at = self._at, self._look()
        elapsed, busy, ours = (now - then for now, then in zip(self._at, before, strict=True))
        return times_slower(elapsed * (os.cpu_count() or 1), busy - ours)

    def _look(self) -> tuple[float, float, float]:
        return time.monotonic(), busy_seconds(), tree_seconds(os.getpid())


def times_slower(there: float, others: float) -> float:
    """Of so many processor seconds that there were, others had so many; who had the rest would have had all."""
    return there / min(there, max(there - others, there / 100)) if there > 0 else 1.0


def busy_seconds(stat: Path = Path("/proc/stat")) -> float:
    """Processor time that anybody on this machine has used, and what its host has taken away."""
    user, nice, system, _idle, _waiting, *interrupts_and_stolen = map(int, stat.read_text().split()[1:9])
    return (user + nice + system + sum(interrupts_and_stolen)) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> set[int]:
    """The processes that a process has started, and that live."""
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found |= {int(word) for word in path.read_text().split()}
        except OSError:
            continue
    return found


def descendants(pids: frozenset[int]) -> set[int]:
    """The same, and what those have started."""
    found: set[int] = set()
    waiting = set(pids)
    while waiting:
        waiting = {child for pid in waiting for child in children(pid)} - found
        found |= waiting
    return found


def rows(url: str, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]  # the statements above
