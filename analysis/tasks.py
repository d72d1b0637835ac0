"""Jobs of this context."""

from functools import partial
from uuid import UUID

from analysis import services
from analysis.domain.state_machines import RunState
from config.kernel.conf import setting
from config.kernel.jobs import JobRun, every, job, on_failure

EVERY_SECONDS = 900
# Where a text waits that takes the engine longer than a look.
HEAVY = "heavy"


@job("analysis.run", queue="documents", lease_seconds=24)
def run_analysis(run: JobRun) -> None:
    """Carry out one run; its findings and the job's end are stored together."""
    later = None if run.concurrency_key == HEAVY else partial(run.hand_over, HEAVY)
    services.execute(run_id=run.subject_id, complete=run.complete, later=later)


@job("analysis.queue_reruns", queue="bulk", lease_seconds=24)
def queue_outdated(run: JobRun) -> None:
    """After a deployment: what an older engine has analysed is analysed again, as slowly as documents are read."""
    services.queue_reruns(a_minute=setting("REREAD_A_MINUTE"), minutes=EVERY_SECONDS // 60)


@on_failure("analysis.run")
def run_died(run_id: UUID) -> None:
    """A run that failed three times says so."""
    services.finish(run_id=run_id, state=RunState.FAILED, reason="engine_failed")


every("analysis.queue_reruns", seconds=EVERY_SECONDS)
