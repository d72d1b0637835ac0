"""Telephone numbers that their owners have proved."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from identity.models.accounts import User


class PhoneVerification(Entity):
    """One number of a person's: asked for, confirmed by the code that was sent to it, and ended by the next one."""

    sealed_for: ClassVar[str] = "user_id"
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="phone_verifications")
    number_sealed = models.BinaryField()
    # Keyed, for a code is short; empty until it is sent.
    code_hash = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(confirmed_at__isnull=False, ended_at=None),
                name="identity_phone_one_confirmed",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at"], name="identity_phone_age"),
        ]

    def __str__(self) -> str:
        return f"number {self.id}"
