"""Jobs whose message was lost or whose worker died are found in the table, never in Redis."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import connections

from config.kernel.db.router import alias_of
from config.kernel.jobs.dispatch_room import QueueRoom
from config.kernel.jobs.job_run import notify_dead
from config.kernel.jobs.shares import beyond_share
from config.kernel.jobs.states import CLAIM, DUE, FAIL, GIVE_UP, JobState

DISPATCH_AGAIN_SECONDS = 20
Dispatch = Callable[[str, UUID, str], None]
_LATELY = "clock_timestamp() - make_interval(secs => %(again)s)"
# While messages of a queue wait, one that was sent may still be read: only jobs that were never dispatched are added.
_SILENT = f"(dispatched_at IS NULL OR (room.empty AND dispatched_at < {_LATELY}))"
_CLAIMED = f"(state = {CLAIM.target} OR ({DUE} AND NOT {_SILENT}))"
# A concurrency key is busy while a job of it runs, or was dispatched and has not been claimed yet.
_DISPATCH = f"""
WITH room AS (
    SELECT * FROM unnest(%(queues)s::text[], %(capacity)s::int[], %(empty)s::bool[]) AS room (queue, capacity, empty)
), chosen AS (
    SELECT found.id FROM room CROSS JOIN LATERAL (
        (SELECT id, run_after FROM {{job}} WHERE {DUE} AND concurrency_key = '' AND queue = room.queue AND {_SILENT}
            ORDER BY run_after LIMIT room.capacity)
        UNION ALL
        (SELECT DISTINCT ON (concurrency_key) id, run_after FROM {{job}} WHERE {DUE} AND concurrency_key <> ''
            AND queue = room.queue AND {_SILENT} AND concurrency_key NOT IN (
                SELECT concurrency_key FROM {{job}} WHERE concurrency_key <> '' AND {_CLAIMED}
            ) AND NOT {beyond_share(running=_CLAIMED)} ORDER BY concurrency_key, run_after, id)
        ORDER BY run_after LIMIT room.capacity
    ) AS found
)
UPDATE {{job}} SET dispatched_at = clock_timestamp() WHERE id IN (
    SELECT id FROM {{job}} WHERE id IN (SELECT id FROM chosen) AND {DUE} FOR UPDATE SKIP LOCKED
) RETURNING id, queue
"""


def dispatch_due(context: str, dispatch: Dispatch, rooms: Mapping[str, QueueRoom]) -> dict[str, int]:
    """Tell the workers of due jobs, of each queue as many as its room has; returns how many, by queue.

    Of each concurrency key that is free, the job that is due longest. A message that cannot be sent leaves
    ``dispatched_at`` empty, so that the next round sends it again.
    """
    open_rooms = {queue: room for queue, room in rooms.items() if room.capacity > 0}
    dispatched: dict[str, int] = {}
    if not open_rooms:
        return dispatched
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            _DISPATCH.format(job=f'"{context}_job"'),
            {
                "again": DISPATCH_AGAIN_SECONDS,
                "queues": list(open_rooms),
                "capacity": [room.capacity for room in open_rooms.values()],
                "empty": [room.empty for room in open_rooms.values()],
            },
        )
        due = cursor.fetchall()
        for index, (job_id, queue) in enumerate(due):
            try:
                dispatch(context, job_id, queue)
            except OSError:
                silent = [row[0] for row in due[index:]]
                cursor.execute(
                    f'UPDATE "{context}_job" SET dispatched_at = NULL WHERE id = ANY(%s)',
                    [silent],
                )
                break
            dispatched[queue] = dispatched.get(queue, 0) + 1
    return dispatched


def reclaim_expired(context: str) -> int:
    """Queue jobs whose lease ended, or give them up after their last try; returns how many were found."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{context}_job" SET leased_by = NULL, lease_until = NULL, dispatched_at = NULL,'
            f" last_error = 'LeaseEnded', state = {FAIL}"
            f' WHERE id IN (SELECT id FROM "{context}_job" WHERE state = {GIVE_UP.source}'
            " AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)"
            " RETURNING kind, subject_id, state",
        )
        lost = cursor.fetchall()
    for kind, subject_id, state in lost:
        if state == JobState.DEAD:
            notify_dead(kind, subject_id)
    return len(lost)
