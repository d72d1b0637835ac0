"""The caller as plain data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from config.kernel import clock
from config.kernel.errors import Unauthenticated

STAFF_ROLES = frozenset({"coordinator", "nurse", "medical_director", "privacy_officer", "support", "administrator"})
ROLES = STAFF_ROLES | {"patient", "professional", "treating_clinician"}
# As pages say it, where that is another word than the code.
ROLE_NAMES = {"professional": "Specialist"}
FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class Principal:
    """A signed-in user, a service key, or the platform itself (``kind``: user, service, system, anonymous)."""

    user_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    session_id: UUID | None = None
    session_version: int = 1
    mfa_at: datetime | None = None
    email_verified: bool = False
    kind: str = "user"
    scopes: frozenset[str] = frozenset()
    key_id: UUID | None = None

    # Django REST framework and the admin ask these two of whatever stands in ``request.user``.
    is_active = True

    @property
    def is_authenticated(self) -> bool:
        """Whether anybody is signed in."""
        return self.kind != "anonymous"

    @property
    def pk(self) -> UUID | None:
        """The user's id under the name that throttles and loggers look for."""
        return self.user_id

    @property
    def actor_id(self) -> UUID | None:
        """Who is named in audit rows: the user, or the service key."""
        return self.user_id or self.key_id

    def has(self, *roles: str) -> bool:
        """Whether the caller holds one of ``roles``."""
        return not self.roles.isdisjoint(roles)

    def require_user_id(self) -> UUID:
        """The user's id; ``Unauthenticated`` for callers who are no person."""
        if self.user_id is None:
            raise Unauthenticated("Sign in first.", code="not_authenticated")
        return self.user_id

    @property
    def is_staff_member(self) -> bool:
        """Whether the caller works for the platform."""
        return not self.roles.isdisjoint(STAFF_ROLES)

    def stepped_up(self) -> bool:
        """Whether a second factor (without one, the password) was given again within the last five minutes."""
        return self.mfa_at is not None and clock.now() - self.mfa_at <= FRESH


ANONYMOUS = Principal(kind="anonymous")
