"""The states of a job, and its steps as the statements of this package take them."""

from enum import StrEnum
from typing import Final

from config.kernel.db.states import sql_step
from config.kernel.state_machine import StateMachine


class JobState(StrEnum):
    """DEAD: its tries are used up, and somebody must look."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DEAD = "DEAD"


JOB: Final = StateMachine(
    JobState.QUEUED,
    {
        JobState.QUEUED: {JobState.RUNNING},
        JobState.RUNNING: {JobState.DONE, JobState.QUEUED, JobState.DEAD},
        JobState.DEAD: {JobState.QUEUED},
    },
)
CLAIM: Final = sql_step(JOB, JobState.QUEUED, JobState.RUNNING)
COMPLETE: Final = sql_step(JOB, JobState.RUNNING, JobState.DONE)
QUEUE_AGAIN: Final = sql_step(JOB, JobState.RUNNING, JobState.QUEUED)
GIVE_UP: Final = sql_step(JOB, JobState.RUNNING, JobState.DEAD)
RESUBMIT: Final = sql_step(JOB, JobState.DEAD, JobState.QUEUED)
# After a failure, and for SQL that has the row at hand.
FAIL: Final = f"CASE WHEN tries >= max_tries THEN {GIVE_UP.target} ELSE {QUEUE_AGAIN.target} END"
DUE: Final = f"state = {CLAIM.source} AND run_after <= clock_timestamp()"
