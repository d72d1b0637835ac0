"""Roles, and what each asks of a sign-in."""

from config.kernel.auth import ROLES, STAFF_ROLES

NEEDS_SECOND_FACTOR = STAFF_ROLES | {"professional"}
__all__ = ["NEEDS_SECOND_FACTOR", "ROLES", "STAFF_ROLES", "needs_second_factor"]


def needs_second_factor(roles: frozenset[str]) -> bool:
    """Professionals and staff sign in with a second factor; patients may."""
    return not roles.isdisjoint(NEEDS_SECOND_FACTOR)
