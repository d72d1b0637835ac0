"""Sessions, their refresh tokens, e-mailed links and recovery codes. Secrets are stored as hashes only."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db import Entity
from identity.models.accounts import User


class Session(Entity):
    """One sign-in on one device; its refresh tokens are a family that ends together."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    mfa_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"session {self.id}"


class RefreshToken(Entity):
    """One link of a session's family: used once, by a single conditional UPDATE."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="refresh_tokens")
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh token {self.id}"


class EmailToken(Entity):
    """A link that was mailed: one use, one purpose, bound to the account's state."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_tokens")
    purpose = models.CharField(max_length=10)
    token_hash = models.BinaryField(unique=True)
    bound_to = models.BinaryField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} link {self.id}"


class RecoveryCode(Entity):
    """One of ten codes for the day the second factor is lost; 125 random bits, so SHA-256 suffices."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="identity_recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code {self.id}"
