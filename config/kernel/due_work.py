"""For tests: run the relay and all due jobs in this process, on the real rows, until nothing is left."""

from django.db import connections

from config.kernel.db.router import alias_of, context_labels
from config.kernel.jobs.execution import run_job
from config.kernel.jobs.states import DUE
from config.kernel.outbox.dispatch import relay_once


def drain(*contexts: str, rounds: int = 100) -> int:
    """Deliver events and run jobs of ``contexts`` (default: all) until quiet; returns how much was done.

    Retries that wait for their back-off stay waiting: move their ``run_after`` to try them.
    """
    names = contexts or context_labels()
    total = 0
    for _ in range(rounds):
        done = sum(_round(name) for name in names)
        total += done
        if not done:
            return total
    raise AssertionError(f"still busy after {rounds} rounds: two handlers feed each other")


def _round(context: str) -> int:
    done = relay_once(context)
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{context}_job" WHERE {DUE} ORDER BY run_after LIMIT 200')
        due = [row[0] for row in cursor.fetchall()]
    return done + sum(run_job(context, job_id) for job_id in due)
