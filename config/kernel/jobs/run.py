"""Running one job: take the lease, keep it alive, record the end."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import connections

from config.kernel.auth.context import SYSTEM, acting_as
from config.kernel.db.router import alias_of
from config.kernel.jobs.queueing import CHANNEL
from config.kernel.jobs.registry import dead_hook, kind_of
from config.kernel.observability.correlation import correlated

log = structlog.get_logger(__name__)
# Who waits for this one's end is rung for at once, not at the next poll.
_NEXT_OF_LANE = "CASE WHEN lane <> '' THEN pg_notify(%s, %s) END"


class LeaseLost(RuntimeError):
    """Another worker holds this job now: whatever this one did must be rolled back."""


@dataclass
class JobRun:
    """What a job function gets: ids, the try count, and ``complete()``."""

    context: str
    job_id: UUID
    kind: str
    subject_id: UUID
    tries: int
    lease_token: UUID
    lane: str = ""
    completed: bool = field(default=False)

    def complete(self) -> None:
        """Mark the job done. Call it inside the effect's ``atomic()``: both hold, or neither."""
        with connections[alias_of(self.context)].cursor() as cursor:
            cursor.execute(
                f"UPDATE \"{self.context}_job\" SET state = 'DONE', finished_at = clock_timestamp(),"
                " lease_until = NULL WHERE id = %s AND leased_by = %s AND state = 'RUNNING'"
                f" RETURNING {_NEXT_OF_LANE}",
                [self.job_id, self.lease_token, CHANNEL, self.context],
            )
            if cursor.rowcount != 1:
                raise LeaseLost(f"{self.kind} {self.job_id}")
        self.completed = True

    def hand_over(self, lane: str, *, after_seconds: float = 0) -> None:
        """Queue the job again in a lane, with this try not counted; to be followed by the function's end."""
        with connections[alias_of(self.context)].cursor() as cursor:
            cursor.execute(
                f"UPDATE \"{self.context}_job\" SET state = 'QUEUED', lane = %s, tries = tries - 1, lease_until = NULL,"
                " leased_by = NULL, rung_at = NULL, run_after = clock_timestamp() + make_interval(secs => %s)"
                " WHERE id = %s AND leased_by = %s AND state = 'RUNNING' RETURNING pg_notify(%s, %s)",
                [lane, after_seconds, self.job_id, self.lease_token, CHANNEL, self.context],
            )
            if cursor.rowcount != 1:
                raise LeaseLost(f"{self.kind} {self.job_id}")
        self.completed = True


def run_job(context: str, job_id: UUID) -> bool:
    """Run the job if it is due and nobody else has it; returns whether it ran."""
    claimed = _claim(context, job_id)
    if claimed is None:
        return False
    run, correlation = claimed
    kind = kind_of(run.kind)
    with correlated(correlation), acting_as(SYSTEM):
        try:
            with _kept_alive(run, kind.lease_seconds):
                kind.function(run)
            if not run.completed:
                run.complete()
        except LeaseLost:
            log.warning("job_lease_lost", kind=run.kind, job_id=str(run.job_id))
        except Exception as error:  # every failure of a job becomes a row state, whatever its type
            log.error("job_failed", kind=run.kind, job_id=str(run.job_id), tries=run.tries, exc_info=error)
            fail(run, type(error).__name__)
    return True


def fail(run: JobRun, reason: str) -> None:
    """Queue the job again after a pause, or declare it dead when its tries are used up."""
    pause = 2 ** (run.tries + 1) * random.uniform(0.8, 1.2)
    with connections[alias_of(run.context)].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{run.context}_job" SET last_error = %s, lease_until = NULL, leased_by = NULL, rung_at = NULL,'
            " state = CASE WHEN tries >= max_tries THEN 'DEAD' ELSE 'QUEUED' END,"
            " run_after = clock_timestamp() + make_interval(secs => %s)"
            f" WHERE id = %s AND leased_by = %s RETURNING state, {_NEXT_OF_LANE}",
            [reason, pause, run.job_id, run.lease_token, CHANNEL, run.context],
        )
        row = cursor.fetchone()
    if row and row[0] == "DEAD":
        bury(run.kind, run.subject_id)


def bury(kind: str, subject_id: UUID) -> None:
    """Tell the subject's context that its job will not be tried again."""
    hook = dead_hook(kind)
    log.error("job_dead", kind=kind, subject_id=str(subject_id))
    if hook:
        hook(subject_id)


def _claim(context: str, job_id: UUID) -> tuple[JobRun, str] | None:
    token = uuid4()
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(f'SELECT kind FROM "{context}_job" WHERE id = %s', [job_id])
        row = cursor.fetchone()
        if row is None:
            return None
        lease = kind_of(row[0]).lease_seconds
        cursor.execute(
            f"UPDATE \"{context}_job\" SET state = 'RUNNING', tries = tries + 1, leased_by = %s,"
            " lease_until = clock_timestamp() + make_interval(secs => %s) WHERE id = %s AND state = 'QUEUED'"
            f" AND run_after <= clock_timestamp() AND (lane = '' OR NOT EXISTS (SELECT 1 FROM \"{context}_job\" AS busy"
            f" WHERE busy.state = 'RUNNING' AND busy.lane <> '' AND busy.lane = \"{context}_job\".lane))"
            " RETURNING kind, subject_id, tries, lane, correlation_id",
            [token, lease, job_id],
        )
        taken: Any = cursor.fetchone()
    if taken is None:
        return None
    return JobRun(context, job_id, taken[0], taken[1], taken[2], token, taken[3]), taken[4]


@contextmanager
def _kept_alive(run: JobRun, lease_seconds: int) -> Iterator[None]:
    """Renew the lease from a thread, so that long work is not taken for a dead worker's."""
    done = threading.Event()
    alias = alias_of(run.context)

    def beat() -> None:
        try:
            while not done.wait(lease_seconds / 3):
                with connections[alias].cursor() as cursor:
                    cursor.execute(
                        f'UPDATE "{run.context}_job" SET lease_until = clock_timestamp() + make_interval(secs => %s)'
                        " WHERE id = %s AND leased_by = %s AND state = 'RUNNING'",
                        [lease_seconds, run.job_id, run.lease_token],
                    )
        finally:
            connections[alias].close()

    thread = threading.Thread(target=beat, name=f"lease-{run.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
