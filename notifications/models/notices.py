"""Notices, their counters, and socket tickets. No health data is in any of them."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db import Entity
from config.kernel.labels import label


class Counter(models.Model):
    """The last sequence number given to a user's notices: locked while one is added, so that none is skipped."""

    user_id = models.UUIDField(primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.last}"


class Notice(Entity):
    """One piece of news for one user; ``sequence`` counts from 1 without gaps, in commit order.

    It has a ``kind`` of the release, or a ``template`` that staff wrote, with the values to fill in; only that has a
    ``category`` of its own.
    """

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    user_id = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    category = models.CharField(max_length=20, blank=True, default="", db_default="")
    template = models.CharField(max_length=80, blank=True, default="", db_default="")
    template_version = models.PositiveIntegerField(null=True)
    values = models.JSONField(default=dict, db_default={})
    subject_id = models.UUIDField(null=True)
    event_key = models.CharField(max_length=120)
    read_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "sequence"], name="notifications_sequence"),
            models.UniqueConstraint(fields=["user_id", "event_key"], name="notifications_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id", "sequence"], condition=models.Q(read_at=None), name="notifications_unread"),
            models.Index(fields=["kind", "-id"], name="notifications_kind"),
        ]

    def __str__(self) -> str:
        return f"{label(self.kind)} #{self.sequence}"


class SocketTicket(Entity):
    """A one-use ticket, valid for 30 seconds, that opens a socket without a token in an address."""

    user_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ticket {self.id}"
