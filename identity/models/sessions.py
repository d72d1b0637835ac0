"""Sessions, their refresh tokens and e-mailed links. Secrets are stored as hashes only."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db import Entity
from config.kernel.labels import label
from identity.models.accounts import User


class Session(Entity):
    """One sign-in on one device; its refresh tokens are a family that ends together.

    It acts while it has not ended and its ``version`` is its user's ``session_version``.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    version = models.PositiveIntegerField(default=1)
    device = models.CharField(max_length=200, blank=True)
    device_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    mfa_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["end_reason", "-id"], name="identity_session_end_reason")
        ]

    def __str__(self) -> str:
        return f"session {self.id}"


class RefreshToken(Entity):
    """One link of a session's family: used once, by a single conditional UPDATE."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="refresh_tokens")
    parent = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="successor")
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh token {self.id}"


class KnownDevice(Entity):
    """A device (browser, app) that a user has signed in from before, told by the signed value that it keeps."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    device_id = models.UUIDField()
    last_used_at = models.DateTimeField(default=clock.now)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "device_id"], name="identity_known_device_once")
        ]

    def __str__(self) -> str:
        return f"device {self.device_id}"


class EmailToken(Entity):
    """A link that was mailed: one use, one purpose, bound to the account's state."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_tokens")
    purpose = models.CharField(max_length=10)
    token_hash = models.BinaryField(unique=True)
    bound_to = models.BinaryField()
    # What a link is about beside the account: the ``EmailChange`` that it confirms.
    about = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{label(self.purpose)} link {self.id}"


class EmailChange(Entity):
    """The wish for another address, until the link sent there is followed. Both are sealed with the person's key."""

    sealed_for: ClassVar[str] = "user_id"
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes")
    old_sealed = models.BinaryField()
    new_sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"change of address {self.id}"
