"""Re-feeding: jobs whose bell was lost or whose worker died are found in the table, never in Redis."""

from collections.abc import Callable
from uuid import UUID

from django.db import connections

from config.kernel.db.router import alias_of
from config.kernel.jobs.run import bury

RING_AGAIN_SECONDS = 20
Ring = Callable[[str, UUID, str], None]
_DUE = "state = 'QUEUED' AND run_after <= clock_timestamp()"
_LATELY = "clock_timestamp() - make_interval(secs => %(again)s)"
# A lane is busy while a job of it runs, or was rung for and has not been taken yet.
_RING = f"""
WITH due AS (
    SELECT id, lane, run_after FROM {{job}} WHERE {_DUE} AND (rung_at IS NULL OR rung_at < {_LATELY})
), chosen AS (
    SELECT id FROM due WHERE lane = ''
    UNION ALL
    (SELECT DISTINCT ON (lane) id FROM due WHERE lane <> '' AND lane NOT IN (
        SELECT lane FROM {{job}} WHERE lane <> '' AND (state = 'RUNNING' OR ({_DUE} AND rung_at >= {_LATELY}))
    ) ORDER BY lane, run_after, id)
)
UPDATE {{job}} SET rung_at = clock_timestamp() WHERE id IN (
    SELECT id FROM {{job}} WHERE id IN (SELECT id FROM chosen) AND {_DUE} AND (rung_at IS NULL OR rung_at < {_LATELY})
    ORDER BY run_after LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING id, queue
"""


def ring_bells(context: str, ring: Ring, *, limit: int = 200) -> int:
    """Tell the workers of due jobs that were not rung, or not lately; returns how many.

    Of each lane that is free, the job that is due longest. A bell that fails leaves ``rung_at`` empty, so that the
    next round rings again.
    """
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            _RING.format(job=f'"{context}_job"'),
            {"again": RING_AGAIN_SECONDS, "limit": limit},
        )
        due = cursor.fetchall()
        for index, (job_id, queue) in enumerate(due):
            try:
                ring(context, job_id, queue)
            except OSError:
                silent = [row[0] for row in due[index:]]
                cursor.execute(
                    f'UPDATE "{context}_job" SET rung_at = NULL WHERE id = ANY(%s)',
                    [silent],
                )
                return index
    return len(due)


def retake_lost(context: str) -> int:
    """Queue jobs whose lease ended, or bury them after their last try; returns how many were found."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{context}_job" SET leased_by = NULL, lease_until = NULL, rung_at = NULL,'
            " last_error = 'LeaseEnded', state = CASE WHEN tries >= max_tries THEN 'DEAD' ELSE 'QUEUED' END"
            f" WHERE id IN (SELECT id FROM \"{context}_job\" WHERE state = 'RUNNING'"
            " AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)"
            " RETURNING kind, subject_id, state",
        )
        lost = cursor.fetchall()
    for kind, subject_id, state in lost:
        if state == "DEAD":
            bury(kind, subject_id)
    return len(lost)
