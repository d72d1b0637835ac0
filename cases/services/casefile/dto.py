"""What is handed out of a case as a whole: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.domain.casefile.access_rules import Relation


@dataclass(frozen=True, kw_only=True)
class CaseAccess:
    """In what relation a caller stands to a case."""

    case_id: UUID
    patient_id: UUID
    relation: Relation
    first_read_sealed: bool
    state: str
    assigned_user_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CaseDTO:
    """One case as its reader may see it. ``intake`` is empty for staff, who see status and dates only."""

    id: UUID
    reference: str
    state: str
    version: int
    patient_id: UUID
    title: str
    questions: tuple[tuple[int, str], ...]
    intake: Mapping[str, Any]
    country: str
    region: str
    language: str
    specialty: str
    urgency: str
    turn: str | None
    clock_running: bool
    promised_at: datetime | None
    created_at: datetime
    updated_at: datetime
    assigned_user_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One line of a specialist's worklist; ``kind`` is case, offer or review.

    What is new counts for cases only; documents are new until the workspace is opened.
    """

    kind: str
    case_id: UUID
    offer_id: UUID | None
    reference: str
    title: str
    state: str
    specialty: str
    urgency: str
    turn: str | None
    promised_at: datetime | None
    expires_at: datetime | None
    questions: int = field(default=0)
    unread_messages: int = 0
    new_answers: int = 0
    new_documents: int = 0
    open_follow_ups: int = 0
