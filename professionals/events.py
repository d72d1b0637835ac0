"""PUBLIC: what professionals tells the others. ``aggregate_id`` is the professional's id."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from config.kernel.events import Event, event


@event("professionals.professional.registered.v1")
@dataclass(frozen=True, kw_only=True)
class ProfessionalRegistered(Event):
    """A profile was opened and waits for credentials."""

    user_id: UUID


@event("professionals.professional.verified.v1")
@dataclass(frozen=True, kw_only=True)
class ProfessionalVerified(Event):
    """Two people verified the credentials."""

    user_id: UUID


@event("professionals.professional.rejected.v1")
@dataclass(frozen=True, kw_only=True)
class ProfessionalRejected(Event):
    """The credentials could not be verified."""

    user_id: UUID


@event("professionals.professional.suspended.v1")
@dataclass(frozen=True, kw_only=True)
class ProfessionalSuspended(Event):
    """The specialist may not work until verified again."""

    user_id: UUID


@event("professionals.licence.expiring.v1")
@dataclass(frozen=True, kw_only=True)
class LicenceExpiring(Event):
    """A licence ends in ``days`` days (90, 30 or 7)."""

    codes: ClassVar[frozenset[str]] = frozenset({"days"})
    user_id: UUID
    days: int


@event("professionals.licence.expired.v1")
@dataclass(frozen=True, kw_only=True)
class LicenceExpired(Event):
    """No licence of the specialist is valid any more."""

    user_id: UUID


@event("professionals.licence.withdrawn.v1")
@dataclass(frozen=True, kw_only=True)
class LicenceWithdrawn(Event):
    """A register suspended or revoked one licence; others may stand."""

    user_id: UUID


@event("professionals.erasure.completed.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """What this context held of the user (``aggregate_id``) is taken out."""
