"""Notices, their deliveries, counters and socket tickets. No health data is in any of them."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import label, lowered
from notifications.domain.state_machines import DELIVERY, DeliveryState

_FAILED = models.Q(state=DeliveryState.FAILED.value)


class Counter(models.Model):
    """The last sequence number given to a user's notices: locked while one is added, so that none is skipped."""

    user_id = models.UUIDField(primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.last}"


class Notice(Entity):
    """One piece of news for one user; ``sequence`` counts from 1 without gaps, in commit order."""

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    user_id = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
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


class Delivery(Entity):
    """One notice on its way through one channel. SKIPPED: at the time of sending, the user did not want it.

    SENDING is written before the provider is asked, so that a process that dies meanwhile leaves word of it; UNCERTAIN
    is what may have left. It is sent once more, and stays UNCERTAIN when that is uncertain too. A SENT mail names the
    text it had, and the text's version (0: the release's own words).
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    state = StateField(DELIVERY, max_length=10)
    tries = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    uncertain_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)
    text_code = models.CharField(max_length=80, blank=True)
    text_version = models.PositiveIntegerField(null=True)
    # By whoever caused it, for the address: the recipient's limits leave it alone.
    counted = models.BooleanField(default=False, db_default=False)

    class Meta(Entity.Meta):
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notifications_delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=_FAILED, name="notifications_failed"),
            models.Index(fields=["state", "-id"], name="notifications_delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{label(self.channel)} {lowered(self.state)}"


class SocketTicket(Entity):
    """A one-use ticket, valid for 30 seconds, that opens a socket without a token in an address."""

    user_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ticket {self.id}"


class Preference(models.Model):
    """Whether a user wants mails beside the notices in the application. Security mails are always sent."""

    user_id = models.UUIDField(primary_key=True)
    email = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"
