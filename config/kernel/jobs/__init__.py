"""Jobs are rows with a state, a lease and a try count; Celery only carries a message that one is due."""

from config.kernel.jobs.job_run import JobRun, LeaseLost, complete_all
from config.kernel.jobs.queue import enqueue, enqueue_all
from config.kernel.jobs.registry import every, job, on_failure

__all__ = ["AbstractJob", "JobRun", "LeaseLost", "complete_all", "enqueue", "enqueue_all", "every", "job", "on_failure"]


def __getattr__(name: str) -> type:
    # The model is resolved late: tasks modules may be imported before the app registry is ready.
    if name == "AbstractJob":
        from config.kernel.jobs.models import AbstractJob

        return AbstractJob
    raise AttributeError(name)
