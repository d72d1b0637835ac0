"""Taking leases on jobs, and renewing them while the work goes on."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from config.kernel.db.router import alias_of
from config.kernel.jobs.job_run import JobRun
from config.kernel.jobs.registry import JobKind, kind_of, longest_lease

_TAKE = (
    "UPDATE {job} SET state = 'RUNNING', tries = tries + 1, leased_by = %s,"
    " lease_until = clock_timestamp() + make_interval(secs => %s) WHERE {which}"
    " RETURNING id, kind, subject_id, tries, leased_by, lane, correlation_id"
)
_DUE = "state = 'QUEUED' AND run_after <= clock_timestamp()"
_THIS_ONE = (
    f"id = %s AND {_DUE} AND (lane = '' OR NOT EXISTS (SELECT 1 FROM {{job}} AS busy"
    " WHERE busy.state = 'RUNNING' AND busy.lane <> '' AND busy.lane = {job}.lane))"
)
_OLDEST = (
    f"id IN (SELECT id FROM {{job}} WHERE {_DUE} AND lane = '' AND {{column}} = %s{{more}}"
    " ORDER BY run_after LIMIT %s FOR UPDATE SKIP LOCKED)"
)


def claim(context: str, job_id: UUID) -> list[JobRun]:
    """The lease on this job, if it is due and nobody has it; of a batch kind, also on others that are due."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(f'SELECT kind FROM "{context}_job" WHERE id = %s', [job_id])
        row = cursor.fetchone()
    if row is None:
        return []
    lease = kind_of(row[0]).lease_seconds
    return _with_its_batch(_take(context, _THIS_ONE, [uuid4(), lease, job_id]))


def claim_next(context: str, queue: str) -> list[JobRun]:
    """The lease on the job of a queue that is due longest, and on its batch. Lanes are left to the relay."""
    which = _OLDEST.replace("{column}", "queue").replace("{more}", "")
    return _with_its_batch(_take(context, which, [uuid4(), longest_lease(context), queue, 1]))


def _with_its_batch(runs: list[JobRun]) -> list[JobRun]:
    """What was tried before is tried alone, so that what kills a batch is found and takes no others along."""
    if not runs:
        return runs
    first, kind = runs[0], kind_of(runs[0].kind)
    if kind.batch == 1 or first.tries > 1 or first.lane:
        return runs
    which = _OLDEST.replace("{column}", "kind").replace("{more}", " AND tries = 0")
    return runs + _take(first.context, which, [first.lease_token, kind.lease_seconds, kind.name, kind.batch - 1])


def _take(context: str, which: str, values: list[UUID | int | str]) -> list[JobRun]:
    table = f'"{context}_job"'
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(_TAKE.replace("{which}", which).replace("{job}", table), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [JobRun(context, *row) for row in sorted(rows)]


@contextmanager
def kept_alive(runs: Sequence[JobRun], kind: JobKind) -> Iterator[None]:
    """Renew the leases from one thread, so that long work is not taken for a dead worker's."""
    done = threading.Event()
    context, token = runs[0].context, runs[0].lease_token
    alias, ids = alias_of(context), [run.job_id for run in runs]

    def beat() -> None:
        try:
            while not done.wait(kind.lease_seconds / 3):
                with connections[alias].cursor() as cursor:
                    cursor.execute(
                        f'UPDATE "{context}_job" SET lease_until = clock_timestamp() + make_interval(secs => %s)'
                        " WHERE id = ANY(%s) AND leased_by = %s AND state = 'RUNNING'",
                        [kind.lease_seconds, ids, token],
                    )
        finally:
            connections[alias].close()

    thread = threading.Thread(target=beat, name=f"lease-{token}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
