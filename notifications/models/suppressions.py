"""Addresses that nothing is sent to any more, kept as keyed hashes."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.labels import label
from notifications.domain.deciding import SuppressionReason


class Suppression(Entity):
    """Why an address of a channel gets nothing: "hard" bounce, "complaint", "stop" said by its owner, or "manual"."""

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    user_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    address_hash = models.BinaryField()
    reason = models.CharField(max_length=20, choices=[(one.value, label(one.value)) for one in SuppressionReason])
    until = models.DateTimeField(null=True)
    # All that speak against it, each with its end (or none): when the strongest is taken back, the others hold on.
    reasons = models.JSONField(default=dict, db_default={})
    delivery_id = models.UUIDField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["channel", "address_hash"], name="notifications_suppressed_once")
        ]

    def __str__(self) -> str:
        return f"{label(self.channel)}: {label(self.reason)}"
