"""What the workflow hands out: frozen, plain."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AllowedTransition:
    """A step that the caller's role may take; ``satisfied_by`` says all that still stands against it."""

    id: str
    to: str
    unmet_guard: str | None
    satisfied_by: str | None


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """Where a case stands after a step, and what whoever took it may do next."""

    state: str
    version: int
    transitions: tuple[AllowedTransition, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """One transition that happened."""

    transition: str
    source: str
    target: str
    actor_role: str
    at: datetime
