"""What notifications hands out: frozen, plain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class NoticeDTO:
    """One piece of news."""

    id: UUID
    sequence: int
    kind: str
    category: str
    text: str
    subject_id: UUID | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """JSON-ready rows with the fields of ``NoticeDTO``, newest first; how many are unread in all; where to go on."""

    results: tuple[dict[str, Any], ...]
    unread: int
    next_after: UUID | None


@dataclass(frozen=True, kw_only=True)
class TicketHolder:
    """Who a socket ticket was made for."""

    user_id: UUID
    session_id: UUID
