"""How long a session lives (NIST SP 800-63B AAL2 for those who see other people's data)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from identity.domain.roles import needs_second_factor


@dataclass(frozen=True)
class SessionLimits:
    """After ``idle`` without use, and after ``absolute`` in any case, a session ends."""

    idle: timedelta
    absolute: timedelta


_STRICT = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
_PATIENT = SessionLimits(idle=timedelta(minutes=60), absolute=timedelta(hours=24))


def limits_for(roles: frozenset[str]) -> SessionLimits:
    """The stricter limits where any role is a professional's or staff's."""
    return _STRICT if needs_second_factor(roles) else _PATIENT


def reached(limits: SessionLimits, *, opened: datetime, last_used: datetime, now: datetime) -> str | None:
    """``"absolute"`` or ``"idle"`` when that limit is reached, else ``None``."""
    if now - opened >= limits.absolute:
        return "absolute"
    return "idle" if now - last_used >= limits.idle else None
