"""What leaves the services of privacy rights."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
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
