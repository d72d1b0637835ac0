"""Giving dead jobs another life, when somebody has mended what killed them."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connections

from config.kernel.db.router import alias_of
from config.kernel.jobs.queue import CHANNEL
from config.kernel.jobs.states import RESUBMIT


def resubmit(context: str, job_ids: Sequence[UUID]) -> int:
    """Queue DEAD jobs again with all their tries; returns how many were put back."""
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f"UPDATE \"{context}_job\" SET state = {RESUBMIT.target}, tries = 0, last_error = '', leased_by = NULL,"
            " lease_until = NULL, dispatched_at = NULL, finished_at = NULL, run_after = clock_timestamp()"
            f" WHERE id = ANY(%s) AND state = {RESUBMIT.source}",
            [list(job_ids)],
        )
        count = int(cursor.rowcount)
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, context])
    return count
