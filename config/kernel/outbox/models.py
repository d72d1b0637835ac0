"""Outbox and inbox rows; each context has its own tables of them, in its own schema."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7
from config.kernel.db.models import TransactionIdField
from config.kernel.db.states import StateField
from config.kernel.outbox.states import OUTBOX_ENTRY, OutboxState

_PENDING, _DEAD = models.Q(status=OutboxState.PENDING.value), models.Q(status=OutboxState.DEAD.value)


class AbstractOutboxEntry(models.Model):
    """One published event, on its way to its receivers."""

    not_personal: ClassVar[str] = "events hold ids only"

    position = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    aggregate_id = models.UUIDField()
    payload = models.JSONField()
    correlation_id = models.CharField(max_length=64, blank=True)
    status = StateField(OUTBOX_ENTRY, max_length=8)
    tries = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    # Positions are drawn before the commit; a feed tells by this what it has not seen yet (``config/kernel/feeds``).
    xid = TransactionIdField()

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-position"]
        verbose_name_plural = "outbox entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["aggregate_id", "position"], condition=_PENDING, name="%(app_label)s_outbox_pending"),
            models.Index(fields=["position"], condition=_PENDING, name="%(app_label)s_outbox_order"),
            models.Index(fields=["-position"], condition=_DEAD, name="%(app_label)s_outbox_dead"),
            models.Index(fields=["xid", "position"], name="%(app_label)s_outbox_xid"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.position}"


class AbstractInboxEntry(models.Model):
    """Proof that one consumer has taken one event: written in the effect's own transaction."""

    not_personal: ClassVar[str] = "names of events that were taken"
    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    consumer = models.CharField(max_length=200)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True
        verbose_name_plural = "inbox entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["consumer", "event_id"], name="%(app_label)s_inbox_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ← {self.event_id}"
