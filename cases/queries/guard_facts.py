"""What the guards of a step ask of a case's tables: one statement, read under the case's lock.

Asked one by one they were a third of what a step cost.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.db import database
from cases.domain.workflow.service_clock import Interval
from cases.domain.workflow.state_machines import CLEARED_DOCUMENTS, ClarificationState, DocumentState
from cases.domain.workflow.transitions import Transition
from cases.models import Case
from config.kernel import clock


@dataclass(frozen=True)
class Circumstances:
    """Numbers and ids, nothing opened. ``answers_begun``: somebody has answered the questionnaire."""

    questions: list[int]
    red_flags: int
    red_flags_open: int
    documents_uncleared: int
    record_there: bool
    clarifications_open: int
    clarifications_in_time: int
    rounds_of_clarification: int
    rounds_of_change: int
    first_read_sealed: bool
    findings_undecided: int
    findings_asked_again: int
    follow_ups_open: int
    incident_confirmed: bool
    answers_begun: bool
    missing_ids: list[UUID]
    missing_titles: list[bytes]
    clock_started: list[datetime]
    clock_ended: list[datetime | None]

    @property
    def intervals(self) -> list[Interval]:
        """When the service clock ran, oldest first."""
        return [Interval(*times) for times in zip(self.clock_started, self.clock_ended, strict=True)]


def _number(table: str, condition: str = "") -> str:
    return f"(SELECT count(*) FROM {table} WHERE case_id = %(case)s{condition})"


def _there(table: str, condition: str = "") -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE case_id = %(case)s{condition})"


def _array(value: str, table: str, order: str, condition: str = "") -> str:
    return f"ARRAY(SELECT {value} FROM {table} WHERE case_id = %(case)s{condition} ORDER BY {order})"


_MISSING = " AND NOT present AND waived_by IS NULL AND required"
_ASKED: dict[str, str] = {
    "questions": _array("number", "cases_question", "number"),
    "red_flags": _number("cases_redflag"),
    "red_flags_open": _number("cases_redflag", " AND acknowledged_at IS NULL"),
    "documents_uncleared": _number("cases_document", " AND NOT state = ANY(%(cleared)s)"),
    "record_there": _there("cases_document", f" AND state = '{DocumentState.ACCEPTED}' AND NOT verdict = 'failed'"),
    "clarifications_open": _number("cases_clarification", f" AND state = '{ClarificationState.OPEN}'"),
    "clarifications_in_time": _number(
        "cases_clarification", f" AND state = '{ClarificationState.OPEN}' AND due_at > %(now)s"
    ),
    "rounds_of_clarification": _number("cases_statushistory", f" AND transition = '{Transition.ASK_CLARIFICATION}'"),
    "rounds_of_change": _number("cases_statushistory", f" AND transition = '{Transition.REQUEST_CHANGES}'"),
    "first_read_sealed": _there("cases_firstread", " AND user_id = %(assigned)s"),
    "findings_undecided": _number("cases_findingprojection", " AND decision = ''"),
    "findings_asked_again": _number("cases_findingprojection", " AND decision = '' AND asked_again"),
    "follow_ups_open": _number("cases_followupquestion", " AND answered_at IS NULL"),
    "incident_confirmed": _there("cases_incident", " AND confirmed_by IS NOT NULL"),
    "answers_begun": _there("cases_intake"),
    "missing_ids": _array("id", "cases_checklistitem", "importance DESC, id", _MISSING),
    "missing_titles": _array("title_sealed", "cases_checklistitem", "importance DESC, id", _MISSING),
    "clock_started": _array("started_at", "cases_clockinterval", "id"),
    "clock_ended": _array("ended_at", "cases_clockinterval", "id"),
}
_STATEMENT = "SELECT " + ", ".join(_ASKED[field.name] for field in fields(Circumstances))


def circumstances_of(case: Case) -> Circumstances:
    """As they are now: what this transaction wrote is among them."""
    values: dict[str, Any] = {"case": case.id, "assigned": case.assigned_user_id, "now": clock.now()}
    with database.prepared() as cursor:
        found = cursor.execute(_STATEMENT, values | {"cleared": list(CLEARED_DOCUMENTS)}, prepare=True).fetchone()
    return Circumstances(*(found or ()))


def intervals_of(case: Case) -> list[Interval]:
    """When the service clock ran, oldest first."""
    with database.prepared() as cursor:
        cursor.execute(
            "SELECT started_at, ended_at FROM cases_clockinterval WHERE case_id = %s ORDER BY id",
            [case.id],
            prepare=True,
        )
        return [Interval(*times) for times in cursor.fetchall()]
