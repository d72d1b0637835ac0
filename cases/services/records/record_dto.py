"""Record requests, their letters and what came, as plain data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class RecordRequestDTO:
    """``recipient`` is {name, organisation, email}; ``items`` are {code, title}; ``received`` counts documents."""

    id: UUID
    case_id: UUID
    state: str
    recipient: dict[str, str]
    items: tuple[dict[str, str], ...]
    due_at: datetime
    reminders: int
    next_reminder_at: datetime | None
    received: int


@dataclass(frozen=True, kw_only=True)
class RecordLetter:
    """What a mail needs, and no more: an address, a language, the token of a link made for this mail, its number."""

    email: str
    locale: str
    token: str
    expires_at: datetime
    reminder: int


@dataclass(frozen=True, kw_only=True)
class TakenRecord:
    """What the sender is told: the size in bytes and the hash of what came."""

    size: int
    sha256: str
