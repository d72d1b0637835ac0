"""Who holds a role."""

from uuid import UUID

from identity.models import RoleGrant


def people_with_role(*, role: str) -> tuple[UUID, ...]:
    """The active accounts that hold ``role``, in the order in which they got it."""
    found = RoleGrant.objects.filter(role=role, user__is_active=True).order_by("created_at")
    return tuple(found.values_list("user_id", flat=True))
