"""Adding jobs, in the transaction of the change that calls for them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from config.kernel.db.context import ContextDatabase
from config.kernel.db.identifiers import uuid7
from config.kernel.db.router import alias_of
from config.kernel.jobs.states import JOB
from config.kernel.observability.correlation import correlation_id

CHANNEL = "sop_jobs"


def enqueue(
    *,
    context: str,
    kind: str,
    subject_id: UUID,
    queue: str = "interactive",
    run_after: datetime | None = None,
    key: str | None = None,
    concurrency_key: str = "",
    share_of: UUID | None = None,
) -> UUID | None:
    """Add a job row; NOTIFY tells the relay at commit.

    Of the jobs of one ``concurrency_key`` (at most 60 characters) one runs at a time, the longest due first; without
    one a job waits for nobody. ``share_of`` says on whose behalf it runs: whoever has such a job running in the queue
    gets no second process while somebody waits who has none.

    Returns the job's id, or ``None`` when a job with the same ``key`` is already there.
    """
    with ContextDatabase(alias_of(context)).prepared() as cursor:
        cursor.execute(
            f'INSERT INTO "{context}_job" (id, kind, queue, concurrency_key, share_of, subject_id, key, state,'
            " tries, max_tries, run_after, correlation_id, created_at, last_error)"
            f" VALUES (%s, %s, %s, %s, %s, %s, %s, '{JOB.begins}', 0, 3,"
            " coalesce(%s, clock_timestamp()), %s, clock_timestamp(), '') ON CONFLICT (key) DO NOTHING"
            " RETURNING id, pg_notify(%s, %s)",
            [
                uuid7(),
                kind,
                queue,
                concurrency_key,
                share_of,
                subject_id,
                key,
                run_after,
                correlation_id(),
                CHANNEL,
                context,
            ],
            prepare=True,
        )
        row = cursor.fetchone()
    return row[0] if row else None


def enqueue_all(*, context: str, kind: str, due: Mapping[UUID, datetime], queue: str = "bulk") -> None:
    """Add a job of one kind for each subject, each with the instant from which on it may run, in one statement."""
    if not due:
        return
    with ContextDatabase(alias_of(context)).connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{context}_job" (id, kind, queue, concurrency_key, subject_id, state, tries, max_tries,'
            " run_after, correlation_id, created_at, last_error)"
            f" SELECT id, %s, %s, '', subject_id, '{JOB.begins}', 0, 3, run_after, %s, clock_timestamp(), ''"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[]) AS added (id, subject_id, run_after)",
            [kind, queue, correlation_id(), [uuid7() for _ in due], list(due), list(due.values())],
        )
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, context])
