"""Case list and case page as JSON-ready values, for the two reads that everybody makes all day."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases.domain.states import TURN, State
from cases.models import Case
from cases.queries.access import FULL_STAFF
from cases.queries.contents import place
from cases.queries.pages import ListFilter, case_row, case_rows
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import open_json, open_text
from config.kernel.errors import NotFound
from identity import services as identity

_COMMON = (
    "id",
    "reference",
    "state",
    "state_since",
    "language",
    "specialty",
    "urgency",
    "on_hold",
    "promised_at",
    "submitted_at",
    "delivered_at",
    "created_at",
    "updated_at",
    "version",
)


def list_page(
    *, principal: Principal, after: UUID | None, limit: int, chosen: ListFilter | None = None
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Cases of the caller, newest first, and the id to go on after (``None`` at the end).

    Titles are opened for those who may read the content; staff see status and dates.
    """
    rows = case_rows(principal, after=after, limit=limit + 1, chosen=chosen or ListFilter())
    more = len(rows) > limit
    shown = [_listed(row, principal) for row in rows[:limit]]
    return shown, (rows[limit - 1]["id"] if more else None)


def case_page(*, principal: Principal, case_id: UUID) -> tuple[dict[str, Any], int]:
    """Everything the case's page shows the caller, and its version; ``NotFound`` outside of every relation."""
    row = case_row(principal, case_id)
    if row is None:
        record(context="cases", action="case.read", object_type="case", object_id=case_id, outcome="denied")
        raise NotFound("There is no such case for you.")
    relation = _relation(row, principal)
    page = _listed(row, principal) | _progress(row)
    if _reads_content(row, principal, relation):
        page |= _content(row)
    elif relation == "offered":
        page |= {"country": row["country"], "region": row["region"], "question_count": len(row["numbers"] or ())}
    return page, row["version"]


def _listed(row: Mapping[str, Any], principal: Principal) -> dict[str, Any]:
    relation = _relation(row, principal)
    shown = {name: row[name] for name in _COMMON}
    shown |= {"relation": relation, "turn": TURN.get(State(row["state"]))}
    if _reads_content(row, principal, relation):
        key = identity.data_key(subject_id=row["patient_id"])
        shown["title"] = open_text(key, place("case", "title", row["id"]), row["title_sealed"])
    return shown


def _progress(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "clock_seconds": row["clock_seconds"],
        "clock_running": row["clock_running"],
        "open_questions": row["open_questions"],
        "checklist": row["checklist"] or [],
        "documents": row["documents"] or [],
        "report_ready": row["report_ready"],
        "hold_reason": row["hold_reason"],
        "hold_until": row["hold_until"],
    }


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    key = identity.data_key(subject_id=row["patient_id"])
    questions = zip(row["question_ids"] or (), row["numbers"] or (), row["texts"] or (), strict=True)
    intake = open_json(key, place("case", "intake", row["id"]), row["intake_sealed"])
    return {
        **intake,
        "patient_id": row["patient_id"],
        "assigned_user_id": row["assigned_user_id"],
        "country": row["country"],
        "region": row["region"],
        "service_type": row["service_type"],
        "red_flag_check": row["red_flag_check"],
        "legal_basis": row["legal_basis"],
        "questions": [
            {"number": number, "text": open_text(key, place("question", "text", question_id), text)}
            for question_id, number, text in questions
        ],
    }


def _relation(row: Mapping[str, Any], principal: Principal) -> str:
    """As ``cases.queries.access.relation_of``; the statement found no row outside of all of them."""
    if principal.user_id == row["patient_id"]:
        return "owner"
    if principal.has("professional"):
        for relation, column in (("assigned", "assigned_user_id"), ("peer", "peer_user_id")):
            if principal.user_id == row[column]:
                return relation
        if row["offered"]:
            return "offered"
    return "staff"


def _reads_content(row: Mapping[str, Any], principal: Principal, relation: str) -> bool:
    if relation in ("owner", "assigned", "peer"):
        return True
    state = State(row["state"])
    return any(principal.has(role) and state in states for role, states in FULL_STAFF.items())


def version_of(*, case_id: UUID) -> int:
    """The case's version, for the ETag of an answer to somebody who has just moved it."""
    return int(Case.objects.values_list("version", flat=True).get(id=case_id))
