"""What leaves the services of privacy rights."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ExportDTO:
    """A copy of everything held about a person; ``progress`` is a percentage, ``size`` is in bytes."""

    id: UUID
    user_id: UUID
    state: str
    progress: int
    size: int | None
    sha256: str
    requested_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ErasureDTO:
    """An erasure and the contexts that have not answered yet."""

    user_id: UUID
    state: str
    waiting_for: tuple[str, ...]
    requested_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LegalHoldDTO:
    """Why nothing of a person is erased now."""

    id: UUID
    user_id: UUID
    reason: str
    placed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RectificationDTO:
    """What somebody says is wrong (``wrong``), how it should read (``right``), and the answer."""

    id: UUID
    user_id: UUID
    about: str
    wrong: str
    right: str
    state: str
    answer: str
    requested_at: datetime
    due_at: datetime
    decided_at: datetime | None
