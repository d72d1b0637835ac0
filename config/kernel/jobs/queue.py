"""Adding a job, in the transaction of the change that calls for it."""

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
