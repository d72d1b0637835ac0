"""What cases hands out: frozen, plain. PHI in them is opened for a caller who was let in and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.domain.reading import PageText


@dataclass(frozen=True)
class CaseAccess:
    """In what relation a caller stands to a case; ``relation`` is owner, assigned, offered, peer or staff."""

    case_id: UUID
    patient_id: UUID
    relation: str
    first_read_sealed: bool
    state: str
    assigned_user_id: UUID | None = None


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class AllowedTransition:
    """A step that the caller's role may take; ``unmet`` says what still stands against it."""

    id: str
    to: str
    unmet_guard: str | None
    satisfied_by: str | None


@dataclass(frozen=True)
class StepTaken:
    """Where a case stands after a step, and what whoever took it may do next."""

    state: str
    version: int
    transitions: tuple[AllowedTransition, ...]


@dataclass(frozen=True)
class HistoryEntry:
    """One transition that happened."""

    transition: str
    source: str
    target: str
    actor_role: str
    at: datetime


@dataclass(frozen=True)
class DocumentDTO:
    """One document; ``verdict`` is complete, partial or failed once it was read, and ``reasons`` say why.

    ``doubts`` (name, birth_date, sex, record_number, side) keep it from being accepted until two people released it;
    ``releases`` counts them. ``kind`` is empty, with its confidence, when the text does not tell. While the document is
    in the machine, ``step`` is waiting, reading, drawing, recognising or checking, with the pages that are done of it;
    ``step_total`` is 0 while nobody knows it.
    """

    id: UUID
    case_id: UUID
    state: str
    name: str
    media_type: str
    size: int
    sha256: str
    page_count: int
    verdict: str
    reasons: tuple[str, ...]
    identity_match: str
    doubts: tuple[str, ...]
    releases: int
    kind: str
    kind_confidence: float | None
    scanner: str
    advice: str
    metadata: Mapping[str, Any]
    uploaded_at: datetime
    version: int
    step: str
    step_done: int
    step_total: int


@dataclass(frozen=True)
class DocumentText:
    """What was read in a document, page by page.

    ``deidentified`` is the copy without names by page number, of the same length as the text; ``None`` for a page in
    which something would be left, and as a whole for a document that was read before copies were made.
    ``uploaded_on`` is the day on which it came.
    """

    document_id: UUID
    case_id: UUID
    patient_id: UUID
    verdict: str
    pages: tuple[PageText, ...]
    deidentified: Mapping[int, str | None] | None
    uploaded_on: date


@dataclass(frozen=True)
class CandidateDTO:
    """A specialist who could take the case, and why."""

    professional_id: UUID
    user_id: UUID
    display_name: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ExclusionDTO:
    """A specialist who cannot take the case, and why not."""

    professional_id: UUID
    reason: str


@dataclass(frozen=True)
class ObstacleDTO:
    """Why nobody can have the case: how many specialists of the field it keeps away, and what would help."""

    kind: str
    count: int
    reason: str
    help: str


@dataclass(frozen=True)
class MatchingDTO:
    """Candidates, best first, and the excluded; without candidates ``obstacles`` say why, and what would help."""

    candidates: tuple[CandidateDTO, ...]
    excluded: tuple[ExclusionDTO, ...]
    obstacles: tuple[ObstacleDTO, ...] = ()


@dataclass(frozen=True)
class OfferDTO:
    """An offer."""

    id: UUID
    case_id: UUID
    user_id: UUID
    state: str
    expires_at: datetime


@dataclass(frozen=True)
class OpinionDTO:
    """One version of an opinion."""

    id: UUID
    case_id: UUID
    number: int
    state: str
    version: int
    content: Mapping[str, Any]
    content_hash: str
    author_id: UUID
    signed_at: datetime | None


@dataclass(frozen=True)
class ReportDTO:
    """A report: hashes of its two files (hex), its standing (``valid``, ``superseded``, ``withdrawn``), its manifest.

    The manifest is a signed statement (JWS); it is empty for a report that was built before there were any.
    """

    id: UUID
    case_id: UUID
    opinion_number: int
    pdf_sha256: str
    fhir_sha256: str
    opened_at: datetime | None
    delivered_at: datetime | None
    standing: str
    manifest: str


@dataclass(frozen=True)
class ReportFile:
    """One file of a report, of which version it is, and that version's standing."""

    content: bytes
    version: int
    standing: str


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class MessageDTO:
    """One message; ``side`` is patient or specialist, ``mine`` whether the reader's own side wrote it."""

    id: UUID
    side: str
    mine: bool
    text: str
    document_ids: tuple[UUID, ...]
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class TalkDTO:
    """A page of messages, how many were unread until now, and the id to continue before."""

    messages: tuple[MessageDTO, ...]
    unread: int
    next: UUID | None


@dataclass(frozen=True)
class NoteDTO:
    """An internal note and in what role it was written."""

    id: UUID
    author_role: str
    text: str
    created_at: datetime


@dataclass(frozen=True)
class ClarificationDTO:
    """A question to the patient and its answer, if there is one; when each was first read by the other side."""

    id: UUID
    case_id: UUID
    question: str
    answer: str | None
    state: str
    due_at: datetime
    question_seen_at: datetime | None
    answer_seen_at: datetime | None
    question_documents: tuple[UUID, ...]
    answer_documents: tuple[UUID, ...]
