"""What the access ledger hands out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ConsentBasis:
    """The consent that an access rested on: its purpose, and the wording that was agreed to."""

    purpose: str
    text_version: str
    granted_at: datetime


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One recorded act. ``kind`` is patient, delegate, professional, staff, platform, service, person or nobody.

    ``who`` is "you", a specialist's name, or a short sign that stays the same for the same person.
    """

    id: UUID
    at: datetime
    kind: str
    who: str
    roles: tuple[str, ...]
    action: str
    object_type: str
    object_id: UUID | None
    patient_id: UUID | None
    outcome: str
    why: str
    consent: ConsentBasis | None
    on_behalf: bool
    break_glass: bool


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """Entries, newest first, and the cursor of the next page (``None`` on the last one)."""

    entries: tuple[LedgerEntry, ...]
    next_cursor: str | None
