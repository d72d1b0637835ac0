"""This context's jobs."""

from config.kernel.jobs import JobRun, every, job, on_failure
from professionals.services.evidence_jobs import give_up_evidence, read_evidence
from professionals.services.licences import watch_expiry
from professionals.services.statistics import compute_statistics


@job("professionals.watch_expiry", queue="bulk", lease_seconds=24)
def watch(run: JobRun) -> None:
    """Once a day."""
    watch_expiry()


every("professionals.watch_expiry", seconds=86_400)


@job("professionals.compute_statistics", queue="bulk", lease_seconds=24)
def statistics(run: JobRun) -> None:
    """Once a day."""
    compute_statistics()


every("professionals.compute_statistics", seconds=86_400)

job("professionals.read_evidence", queue="documents", lease_seconds=24)(read_evidence)
on_failure("professionals.read_evidence")(give_up_evidence)
