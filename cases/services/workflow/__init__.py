"""The state machine: steps, their guards and effects, holds, what moves by itself, incidents."""

from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.services.workflow.automatic_moves import advance, sweep
from cases.services.workflow.dto import AllowedTransition, HistoryEntry, StepTaken
from cases.services.workflow.holds import hold_case, resume_case
from cases.services.workflow.incidents import report_incident
from cases.services.workflow.moves import history, move, transitions_for

__all__ = [
    "AllowedTransition",
    "HistoryEntry",
    "State",
    "StepTaken",
    "Transition",
    "advance",
    "history",
    "hold_case",
    "move",
    "report_incident",
    "resume_case",
    "sweep",
    "transitions_for",
]
