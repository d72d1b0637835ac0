"""Who asks, where only people may."""

from uuid import UUID

from config.kernel.auth import Principal
from config.kernel.errors import Forbidden


def person_id(principal: Principal) -> UUID:
    """The caller's id; ``Forbidden`` for callers that are no people."""
    if principal.user_id is None:
        raise Forbidden("This address is for people.", code="role_forbidden")
    return principal.user_id
