"""What is handed out of opinions and of what people say about them: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class MessageDTO:
    """One message; ``side`` is patient or specialist, ``mine`` whether the reader's own side wrote it."""

    id: UUID
    side: str
    mine: bool
    text: str
    document_ids: tuple[UUID, ...]
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TalkDTO:
    """A page of messages, how many were unread until now, and the id to continue before."""

    messages: tuple[MessageDTO, ...]
    unread: int
    next: UUID | None


@dataclass(frozen=True, kw_only=True)
class NoteDTO:
    """An internal note and in what role it was written."""

    id: UUID
    author_role: str
    text: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
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
