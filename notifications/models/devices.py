"""Devices that push reaches. What reaches one is sealed with its person's key."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db import Entity
from config.kernel.labels import label


class Device(Entity):
    """An app or a browser on which somebody is signed in and wants to be told. It goes with its session."""

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    sealed_for: ClassVar[str] = "user_id"
    user_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=8)
    # The app's token, or the browser's subscription as JSON.
    token_sealed = models.BinaryField()
    token_hash = models.BinaryField(unique=True)
    last_registered_at = models.DateTimeField(default=clock.now)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id", "-id"], name="notifications_device_user"),
            models.Index(fields=["session_id"], name="notifications_device_session"),
            models.Index(fields=["last_registered_at"], name="notifications_device_age"),
        ]

    def __str__(self) -> str:
        return f"{label(self.kind)} device {self.id}"
