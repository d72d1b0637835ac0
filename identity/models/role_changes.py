"""Changes of roles, decided by two people."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from config.kernel.auth import ROLE_NAMES
from config.kernel.db import Entity
from config.kernel.labels import lowered
from identity.models.accounts import User


class RoleChange(Entity):
    """The wish to give a user a role, or to take it away, until a second administrator has decided."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_changes")
    role = models.CharField(max_length=24)
    granted = models.BooleanField()
    reason = models.CharField(max_length=300)
    requested_by = models.UUIDField()
    expires_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(decided_at=None), name="identity_role_change_one_open"
            ),
            models.CheckConstraint(condition=~Q(requested_by=F("user")), name="identity_role_change_not_for_oneself"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("user"))),
                name="identity_role_change_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(approved=True) | Q(decided_by__isnull=False), name="identity_role_change_approver"
            ),
        ]

    def __str__(self) -> str:
        return f"{'give' if self.granted else 'take'} {lowered(self.role, ROLE_NAMES)}"
