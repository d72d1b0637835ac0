"""What a patient is told of an audit row: who, in what capacity, why, and on what it rested."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from config.kernel.auth import STAFF_ROLES

TREATMENT = "treatment"
OPERATIONS = "operations"
PATIENT_REQUEST = "patient_request"
AI_READING = "ai_reading"
EMERGENCY = "emergency"


@dataclass(frozen=True)
class Agreement:
    """One consent with the time in which it held."""

    purpose: str
    text_version: str
    granted_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Act:
    """What of an audit row decides how it is told."""

    at: datetime
    action: str
    purpose: str
    actor_kind: str
    actor_id: UUID | None
    roles: frozenset[str]
    patient_id: UUID | None
    detail: Mapping[str, Any]


def capacity(act: Act) -> str:
    """patient, delegate, professional, staff, platform, service, or nobody (not signed in)."""
    if act.actor_kind == "system":
        return "platform"
    if act.actor_kind == "service":
        return "service"
    if act.actor_id is None:
        return "nobody"
    if act.actor_id == act.patient_id:
        return "patient"
    if "on_behalf_of" in act.detail:
        return "delegate"
    if act.roles & STAFF_ROLES:
        return "staff"
    return "professional" if "professional" in act.roles else "person"


def why(act: Act) -> str:
    """The purpose: as recorded, or as it follows from who acted. Break-glass is an emergency whatever was recorded."""
    if "break_glass" in act.detail or act.action == "case.break_glass":
        return EMERGENCY
    who = capacity(act)
    if who in ("patient", "delegate"):
        return PATIENT_REQUEST
    if is_machine_reading(act):
        return AI_READING
    if who == "professional":
        return TREATMENT
    return act.purpose or OPERATIONS


def is_machine_reading(act: Act) -> bool:
    """Whether a program read the records to find something in them."""
    return act.action in ("document.analyse", "analysis.request") or act.action.startswith("ai.")


def rests_on(act: Act, agreements: Iterable[Agreement]) -> Agreement | None:
    """The consent that held when somebody else than the patient acted; ``None`` where none was needed or none held."""
    reason = why(act)
    wanted = {AI_READING: "ai_processing", TREATMENT: "sharing", OPERATIONS: "service"}.get(reason)
    if wanted is None:
        return None
    for one in agreements:
        ended = one.withdrawn_at is not None and one.withdrawn_at <= act.at
        if one.purpose == wanted and one.granted_at <= act.at and not ended:
            return one
    return None
