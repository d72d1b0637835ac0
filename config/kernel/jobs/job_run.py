"""One job in the hands of a worker, and the ways in which it ends."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from django.db import connections

from config.kernel.db.context import ContextDatabase
from config.kernel.db.router import alias_of
from config.kernel.jobs.queue import CHANNEL
from config.kernel.jobs.registry import failure_hook
from config.kernel.jobs.states import COMPLETE, FAIL, GIVE_UP, QUEUE_AGAIN, JobState
from config.kernel.observability.correlation import correlated

log = structlog.get_logger(__name__)
# Jobs that wait for this one's end are dispatched at once, not at the next poll.
_NEXT_OF_KEY = "CASE WHEN concurrency_key <> '' THEN pg_notify(%s, %s) END"


class LeaseLost(RuntimeError):
    """Another worker holds this job now: whatever this one did must be rolled back."""


@dataclass
class JobRun:
    """What a job function gets (a function of batches: a list of them): ids, the try count, and how to end it."""

    context: str
    job_id: UUID
    kind: str
    subject_id: UUID
    tries: int
    lease_token: UUID
    concurrency_key: str = ""
    correlation_id: str = ""
    completed: bool = field(default=False)
    begun: float = field(default_factory=time.monotonic)

    def complete(self) -> None:
        """Mark the job done. Call it inside the effect's ``atomic()``: both hold, or neither."""
        with connections[alias_of(self.context)].cursor() as cursor:
            cursor.execute(
                f'UPDATE "{self.context}_job" SET state = {COMPLETE.target}, finished_at = clock_timestamp(),'
                f" lease_until = NULL WHERE id = %s AND leased_by = %s AND state = {COMPLETE.source}"
                f" RETURNING {_NEXT_OF_KEY}",
                [self.job_id, self.lease_token, CHANNEL, self.context],
            )
            if cursor.rowcount != 1:
                raise LeaseLost(f"{self.kind} {self.job_id}")
        self.completed = True

    def hand_over(self, concurrency_key: str, *, after_seconds: float = 0) -> None:
        """Queue the job again under a key, with this try not counted; to be followed by the function's end."""
        with connections[alias_of(self.context)].cursor() as cursor:
            cursor.execute(
                f'UPDATE "{self.context}_job" SET state = {QUEUE_AGAIN.target}, concurrency_key = %s,'
                " tries = tries - 1, lease_until = NULL, leased_by = NULL, dispatched_at = NULL,"
                " run_after = clock_timestamp() + make_interval(secs => %s)"
                f" WHERE id = %s AND leased_by = %s AND state = {QUEUE_AGAIN.source} RETURNING pg_notify(%s, %s)",
                [concurrency_key, after_seconds, self.job_id, self.lease_token, CHANNEL, self.context],
            )
            if cursor.rowcount != 1:
                raise LeaseLost(f"{self.kind} {self.job_id}")
        self.completed = True

    def wait(self, *, after_seconds: float = 0) -> None:
        """Queue the job again as it was, with this try not counted."""
        self.hand_over(self.concurrency_key, after_seconds=after_seconds)

    def fail(self, reason: str) -> None:
        """Queue the job again after a pause, or declare it dead when its tries are used up."""
        pause = 2 ** (self.tries + 1) * random.uniform(0.8, 1.2)
        with connections[alias_of(self.context)].cursor() as cursor:
            cursor.execute(
                f'UPDATE "{self.context}_job" SET last_error = %s, lease_until = NULL, leased_by = NULL,'
                f" dispatched_at = NULL, state = {FAIL},"
                " run_after = clock_timestamp() + make_interval(secs => %s)"
                f" WHERE id = %s AND leased_by = %s AND state = {GIVE_UP.source} RETURNING state, {_NEXT_OF_KEY}",
                [reason, pause, self.job_id, self.lease_token, CHANNEL, self.context],
            )
            row = cursor.fetchone()
        self.completed = True
        if row and row[0] == JobState.DEAD:
            notify_dead(self.kind, self.subject_id)

    @contextmanager
    def on_its_own(self) -> Iterator[None]:
        """Around the work for this job: its correlation id, its log line, and its failure, which harms no other job."""
        with correlated(self.correlation_id):
            facts = {"kind": self.kind, "job_id": str(self.job_id), "tries": self.tries}
            try:
                yield
            except LeaseLost:
                self.completed = True
                log.warning("job_lease_lost", **facts)
            except Exception as error:  # every failure of a job becomes a row state, whatever its type
                log.error("job_failed", **facts, seconds=self._seconds(), exc_info=error)
                self.fail(type(error).__name__)
            else:
                if self.completed:
                    log.info("job_done", **facts, seconds=self._seconds())

    def _seconds(self) -> float:
        return round(time.monotonic() - self.begun, 3)


def complete_all(runs: Sequence[JobRun]) -> frozenset[UUID]:
    """Mark several jobs of one context done, in one statement and inside the effect's ``atomic()``.

    Returns the ids of those that were still held; whatever belongs to any other is not to be written.
    """
    if not runs:
        return frozenset()
    context = runs[0].context
    with ContextDatabase(alias_of(context)).prepared() as cursor:
        cursor.execute(
            f'UPDATE "{context}_job" SET state = {COMPLETE.target}, finished_at = clock_timestamp(),'
            f" lease_until = NULL WHERE id = ANY(%s) AND leased_by = ANY(%s) AND state = {COMPLETE.source}"
            f" RETURNING id, {_NEXT_OF_KEY}",
            [[run.job_id for run in runs], [run.lease_token for run in runs], CHANNEL, context],
            prepare=True,
        )
        held = frozenset(row[0] for row in cursor.fetchall())
    for run in runs:
        run.completed = run.job_id in held
    return held


def notify_dead(kind: str, subject_id: UUID) -> None:
    """Tell the subject's context that its job will not be tried again."""
    hook = failure_hook(kind)
    log.error("job_dead", kind=kind, subject_id=str(subject_id))
    if hook:
        hook(subject_id)
