"""An event as it lies in an outbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """What was published, with its envelope."""

    position: int
    event_id: UUID
    name: str
    aggregate_id: UUID
    payload: dict[str, Any]
    correlation_id: str
    created_at: datetime
