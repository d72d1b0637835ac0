"""The state machine: steps, their guards and effects, holds, what moves by itself, incidents."""

from cases.domain.workflow.state_machines import DocumentState, RereadingState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.services.workflow.automatic_moves import advance, sweep
from cases.services.workflow.dto import AllowedTransition, HistoryEntry, StepTaken
from cases.services.workflow.holds import hold_case, resume_case
from cases.services.workflow.incidents import report_incident
from cases.services.workflow.moves import history, move, transitions_for
from cases.services.workflow.rechecks import RecheckDTO, list_rechecks, settle_recheck
from cases.services.workflow.rereadings import RereadingDTO, answer_rereading, list_rereadings

__all__ = [
    "AllowedTransition",
    "DocumentState",
    "HistoryEntry",
    "RecheckDTO",
    "RereadingDTO",
    "RereadingState",
    "State",
    "StepTaken",
    "Transition",
    "advance",
    "answer_rereading",
    "history",
    "hold_case",
    "list_rechecks",
    "list_rereadings",
    "move",
    "report_incident",
    "resume_case",
    "settle_recheck",
    "sweep",
    "transitions_for",
]
