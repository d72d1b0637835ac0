"""This context's jobs."""

from config.kernel.jobs import JobRun, every, job
from professionals.services.credentials import watch_expiry


@job("professionals.watch_expiry", queue="bulk", lease_seconds=24)
def watch(run: JobRun) -> None:
    """Once a day."""
    watch_expiry()


every("professionals.watch_expiry", seconds=86_400)
