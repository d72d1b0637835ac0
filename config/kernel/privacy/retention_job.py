"""The daily run of each context's retention rules."""

from config.kernel.db.router import context_labels
from config.kernel.jobs import JobRun, every, job
from config.kernel.privacy.retention import apply_rules

_DAY = 86_400


def register() -> None:
    """One periodic job per context."""
    for context in context_labels():
        job(f"{context}.apply_retention", queue="bulk")(_run)
        every(f"{context}.apply_retention", seconds=_DAY)


def _run(run: JobRun) -> None:
    apply_rules(run.context)
