"""The machines of this context, each as one table; ``advance`` (``config.kernel.db.states``) asks them."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class RunState(StrEnum):
    """Of one analysis of a document. ABSTAINED: nothing could be said; BLOCKED: the patient does not agree."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    ABSTAINED = "ABSTAINED"
    BLOCKED = "BLOCKED"
    FAILED = "FAILED"


class FindingDecision(StrEnum):
    """What a professional made of one statement of a run."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    EDITED = "EDITED"
    REJECTED = "REJECTED"


class ChangeState(StrEnum):
    """Of what a newer reading says otherwise. ASKED: what somebody had decided is to be decided again."""

    NOTED = "NOTED"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    LAPSED = "LAPSED"


class ModelState(StrEnum):
    """Of an engine or a provider's model."""

    CANDIDATE = "candidate"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


RUN: Final = StateMachine(
    RunState.QUEUED,
    {
        RunState.QUEUED: {RunState.RUNNING, RunState.BLOCKED, RunState.FAILED},
        RunState.RUNNING: {RunState.COMPLETED, RunState.ABSTAINED, RunState.BLOCKED, RunState.FAILED},
    },
)
_DECIDED = frozenset({FindingDecision.ACCEPTED, FindingDecision.EDITED, FindingDecision.REJECTED})
# While the case is in review, whoever decided may think better of it, or word it anew; nothing is undecided again.
DECISION: Final = StateMachine(FindingDecision.PROPOSED, dict.fromkeys(FindingDecision, _DECIDED))
# Asked no more: somebody decided, or a still newer reading says otherwise again.
CHANGE: Final = StateMachine(
    ChangeState.NOTED, {ChangeState.ASKED: {ChangeState.ANSWERED, ChangeState.LAPSED}}, or_begins=[ChangeState.ASKED]
)
MODEL: Final = StateMachine(
    ModelState.CANDIDATE,
    {
        ModelState.CANDIDATE: {ModelState.SHADOW, ModelState.RETIRED},
        ModelState.SHADOW: {ModelState.ACTIVE, ModelState.RETIRED},
        ModelState.ACTIVE: {ModelState.RETIRED},
    },
)
OPEN_RUNS: Final = (RunState.QUEUED, RunState.RUNNING)
