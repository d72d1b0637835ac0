"""The scheduler process: periodic jobs, lost leases, audit seals."""

from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.db import transaction

from config.kernel import clock
from config.kernel.audit.chain import seal
from config.kernel.db.router import alias_of, context_labels
from config.kernel.jobs.queue import enqueue
from config.kernel.jobs.registry import kind_of, periodic_jobs
from config.kernel.jobs.sweep import reclaim_expired
from config.runtime.background.loop import Loop

TICK_SECONDS = 2.0
NOBODY = UUID(int=0)
log = structlog.get_logger(__name__)


class Scheduler(Loop):
    """Any number may run: each tick is a unique job key, each seal holds a lock."""

    name = "scheduler"

    def turn(self) -> float:
        """One tick."""
        tick(clock.now())
        for context in context_labels():
            lost = reclaim_expired(context)
            if lost:
                log.warning("jobs_retaken", context=context, jobs=lost)
            seal(context)
        return TICK_SECONDS


def tick(now: datetime) -> None:
    """Enqueue every periodic job whose window has begun; a window's key is taken once, by whoever is first."""
    for periodic in periodic_jobs():
        kind = kind_of(periodic.kind)
        window = int(now.astimezone(UTC).timestamp()) // periodic.seconds
        with transaction.atomic(using=alias_of(kind.context)):
            enqueue(
                context=kind.context,
                kind=kind.name,
                subject_id=NOBODY,
                queue=kind.queue,
                key=f"every:{kind.name}:{window}",
            )
