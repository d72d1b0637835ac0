"""Telephone numbers that their owners have proved."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity


class PhoneVerification(Entity):
    """One number of a person's: asked for, confirmed by the code that was sent to it, and ended by the next one.

    ``active_for`` is the person while this is their number, so that nobody has two.
    """

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    sealed_for: ClassVar[str] = "user_id"
    user_id = models.UUIDField()
    number_sealed = models.BinaryField()
    # Keyed, for a code is short; empty until it is sent.
    code_hash = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    active_for = models.UUIDField(null=True, unique=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id", "-id"], name="identity_phone_user"),
            models.Index(fields=["created_at"], name="identity_phone_age"),
        ]

    def __str__(self) -> str:
        return f"number {self.id}"
