"""Taking leases on jobs, and renewing them while the work goes on."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from config.kernel.db.context import ContextDatabase
from config.kernel.db.router import alias_of
from config.kernel.jobs.job_run import JobRun
from config.kernel.jobs.registry import JobKind, kind_of, longest_lease
from config.kernel.jobs.shares import beyond_share
from config.kernel.jobs.states import CLAIM, DUE

_TAKE = (
    f"UPDATE {{job}} SET state = {CLAIM.target}, tries = tries + 1, leased_by = %s,"
    " lease_until = clock_timestamp() + make_interval(secs => %s) WHERE {which}"
    " RETURNING id, kind, subject_id, tries, leased_by, concurrency_key, correlation_id"
)
_THIS_ONE = f"id = %s AND {DUE}"
_HAS_MORE_THAN_ITS_SHARE = beyond_share(running=f"mine.state = {CLAIM.target}")
_UNDER_A_KEY = (
    f"{_THIS_ONE} AND NOT EXISTS (SELECT 1 FROM {{job}} AS busy WHERE busy.state = {CLAIM.target}"
    f" AND busy.concurrency_key <> '' AND busy.concurrency_key = {{job}}.concurrency_key)"
    f" AND NOT {_HAS_MORE_THAN_ITS_SHARE}"
)
_OLDEST = (
    f"id IN (SELECT id FROM {{job}} WHERE {DUE} AND concurrency_key = '' AND {{column}} = %s{{more}}"
    " ORDER BY run_after LIMIT %s FOR UPDATE SKIP LOCKED)"
)


def claim(context: str, job_id: UUID) -> list[JobRun]:
    """The lease on this job, if it is due and nobody has it; of a batch kind, also on others that are due."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(f'SELECT kind, queue, concurrency_key FROM "{context}_job" WHERE id = %s', [job_id])
        row = cursor.fetchone()
    if row is None:
        return []
    kind, queue, concurrency_key = row
    values: list[UUID | int | str] = [uuid4(), kind_of(kind).lease_seconds, job_id]
    return (
        _under_a_key(context, queue, values) if concurrency_key else _with_its_batch(_take(context, _THIS_ONE, values))
    )


def _under_a_key(context: str, queue: str, values: list[UUID | int | str]) -> list[JobRun]:
    """One after the other, so that of two who claim at once the second sees what the first has taken."""
    database = ContextDatabase(alias_of(context))
    with database.atomic(), database.connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{context}:{queue}"])
        runs = _take(context, _UNDER_A_KEY, values)
        if not runs:
            # Its message is used up: the relay sends another one when its turn has come.
            cursor.execute(
                f'UPDATE "{context}_job" SET dispatched_at = NULL WHERE id = %s AND state = {CLAIM.source}',
                [values[-1]],
            )
    return runs


def claim_next(context: str, queue: str) -> list[JobRun]:
    """The lease on the job of a queue that is due longest, and on its batch. Jobs with a key are left to the relay."""
    which = _OLDEST.replace("{column}", "queue").replace("{more}", "")
    return _with_its_batch(_take(context, which, [uuid4(), longest_lease(context), queue, 1]))


def _with_its_batch(runs: list[JobRun]) -> list[JobRun]:
    """What was tried before is tried alone, so that what kills a batch is found and takes no others along."""
    if not runs:
        return runs
    first, kind = runs[0], kind_of(runs[0].kind)
    if kind.batch == 1 or first.tries > 1 or first.concurrency_key:
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
                        f" WHERE id = ANY(%s) AND leased_by = %s AND state = {CLAIM.target}",
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
