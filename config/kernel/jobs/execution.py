"""Running jobs: take the lease, keep it alive, record the end."""

import time
from collections.abc import Sequence
from uuid import UUID

from config.kernel.auth.context import SYSTEM, acting_as
from config.kernel.jobs.claims import claim, claim_next, kept_alive
from config.kernel.jobs.job_run import JobRun
from config.kernel.jobs.registry import JobKind, kind_of

# So long a worker goes on by itself after one message; then other contexts' messages of its queue are read.
AT_A_STRETCH_SECONDS = 1.0


def run_dispatched(context: str, job_id: UUID, queue: str) -> None:
    """Run the job that was dispatched, then whatever else of its context and queue is due, for about a second."""
    ends = time.monotonic() + AT_A_STRETCH_SECONDS
    run_job(context, job_id)
    while time.monotonic() < ends and (runs := claim_next(context, queue)):
        _run(runs)


def run_job(context: str, job_id: UUID) -> bool:
    """Run the job if it is due and nobody else has it (with its batch); returns whether it ran."""
    runs = claim(context, job_id)
    if runs:
        _run(runs)
    return bool(runs)


def _run(runs: Sequence[JobRun]) -> None:
    kind = kind_of(runs[0].kind)
    with acting_as(SYSTEM), kept_alive(runs, kind):
        if kind.batch == 1:
            with runs[0].on_its_own():
                kind.function(runs[0])
                _complete(runs[0])
        else:
            _run_batch(kind, runs)


def _run_batch(kind: JobKind, runs: Sequence[JobRun]) -> None:
    """Jobs that the function has not ended are done when it returns; when it raises, each of them has failed."""
    broken: Exception | None = None
    try:
        kind.function(runs)
    except Exception as error:  # becomes the state of each row that has none yet
        broken = error
    for run in runs:
        if not run.completed:
            with run.on_its_own():
                if broken is not None:
                    raise broken
                _complete(run)


def _complete(run: JobRun) -> None:
    if not run.completed:
        run.complete()
