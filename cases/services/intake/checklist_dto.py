"""A checklist as plain data."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ChecklistItemDTO:
    """One record. ``state`` is present, missing or waived; ``waived_by`` and ``reason``: who goes without, and why.

    ``could_be``: the newest accepted document whose kind fits a missing record; a person says whether it is.
    """

    code: str
    title: str
    required: bool
    importance: int
    state: str
    why: str
    could_change: str
    waived_by: UUID | None
    reason: str
    document_id: UUID | None
    could_be: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChecklistDTO:
    """``matters_most``: the missing record to ask for first; ``None`` when none is missing."""

    case_id: UUID
    complete: bool
    matters_most: ChecklistItemDTO | None
    items: tuple[ChecklistItemDTO, ...]
