"""Running this context's due jobs alone: what higher contexts do with the news is theirs to test."""

from __future__ import annotations

from analysis.models import Job
from config.kernel import clock
from config.kernel.jobs.execution import run_job


def run_jobs() -> int:
    """Run every due job once, in order; returns how many ran."""
    due = Job.objects.filter(state="QUEUED", run_after__lte=clock.now()).order_by("run_after")
    return sum(run_job("analysis", job_id) for job_id in list(due.values_list("id", flat=True)))
