"""Programs that are told of events, and what each was told. Ids and states alone; no name and no health data."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from config.kernel import clock
from config.kernel.db import Entity, VersionedEntity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from notifications.domain.hooks import HOOK_DELIVERY, HookState


class Webhook(VersionedEntity):
    """An address of a program, and the events that it is told of.

    ``former_secret`` still signs until ``former_until``. ``failing_since`` is the first failure that no success has
    followed; until ``rests_until`` nothing is tried. ``off_reason`` says who switched it off: staff, failing, gone.
    """

    not_personal: ClassVar[str] = "an address of a program; who made it stands in the audit"
    sealed_for: ClassVar[str] = "master"
    url = models.CharField(max_length=500)
    name = models.CharField(max_length=80)
    events = ArrayField(models.CharField(max_length=120))
    secret_sealed = models.BinaryField()
    former_secret_sealed = models.BinaryField(null=True)
    former_until = models.DateTimeField(null=True)
    # When its secret was changed lately: more often than a day allows, and no receiver could follow.
    rotated_at = ArrayField(models.DateTimeField(), default=list, db_default=[])
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=20, blank=True)

    class Meta(VersionedEntity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["url"], name="notifications_webhook_url")
        ]

    def __str__(self) -> str:
        return self.name


class HookDelivery(Entity):
    """One event on its way to one webhook; its id for the receiver is the event's, at every try and replay."""

    not_personal: ClassVar[str] = "ids of events and their states, as the outbox holds them"
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    name = models.CharField(max_length=120)
    document = models.JSONField()
    state = StateField(HOOK_DELIVERY, max_length=10)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=40, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "hook deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="notifications_hook_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["webhook", "-id"], name="notifications_hook_newest"),
            # Retention asks for the oldest.
            models.Index(fields=["created_at"], name="notifications_hook_kept"),
            models.Index(
                fields=["id"], condition=~models.Q(state=HookState.DELIVERED.value), name="notifications_hook_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {lowered(self.state)}"
