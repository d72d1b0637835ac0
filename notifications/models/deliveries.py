"""Notices on their way through the channels, and all that happened to each. No health data, and no address."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import label, lowered
from notifications.domain.state_machines import DELIVERY, DeliveryState
from notifications.models.notices import Notice

_FAILED = models.Q(state=DeliveryState.FAILED.value)
_HELD = models.Q(state=DeliveryState.HELD.value)
_TEXT_WITHOUT_END = models.Q(channel="sms", state__in=[DeliveryState.SENT.value, DeliveryState.UNCERTAIN.value])


class Delivery(Entity):
    """One notice, or one digest (then without ``notice``), on its way through one channel.

    SENDING is written before the provider is asked, so that a process that dies meanwhile leaves word of it; UNCERTAIN
    is what may have left. A SENT mail names the text it had, and the text's version (0: the release's own words).
    ``key`` names what there is once, where ``notice`` does not: "digest:<user>:email:2026-11-30".
    """

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    user_id = models.UUIDField(null=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="deliveries")
    channel = models.CharField(max_length=10)
    key = models.CharField(max_length=120, null=True)
    campaign_id = models.UUIDField(null=True)
    folded_into = models.UUIDField(null=True)
    state = StateField(DELIVERY, max_length=10)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    uncertain_at = models.DateTimeField(null=True)
    # When its provider was last asked how far it is.
    asked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=120, blank=True, db_column="last_error")
    address_hash = models.BinaryField(null=True)
    provider = models.CharField(max_length=30, blank=True, db_default="", default="")
    provider_id = models.CharField(max_length=200, blank=True, db_default="", default="")
    text_code = models.CharField(max_length=80, blank=True)
    text_version = models.PositiveIntegerField(null=True)
    # By whoever caused it, for the address: the recipient's limits leave it alone.
    counted = models.BooleanField(default=False, db_default=False)

    class Meta(Entity.Meta):
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notifications_delivery_once"),
            models.UniqueConstraint(fields=["key"], name="notifications_delivery_key"),
            models.UniqueConstraint(
                fields=["provider", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="notifications_provider_id",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=_FAILED, name="notifications_failed"),
            models.Index(fields=["state", "-id"], name="notifications_delivery_state"),
            models.Index(fields=["not_before"], condition=_HELD, name="notifications_held"),
            models.Index(
                fields=["campaign_id", "state"],
                condition=models.Q(campaign_id__isnull=False),
                name="notifications_campaign_state",
            ),
            models.Index(fields=["user_id", "-id"], name="notifications_delivery_user"),
            models.Index(fields=["sending_at"], condition=_TEXT_WITHOUT_END, name="notifications_text_open"),
        ]

    def __str__(self) -> str:
        return f"{label(self.channel)} {lowered(self.state)}"


class DeliveryEvent(models.Model):
    """What was decided, tried or heard about a delivery: rows are added and never changed.

    ``source_key`` is the provider's own key of what it told us, by which it counts once however often it comes.
    """

    personal_to: ClassVar[tuple[str, ...]] = ("delivery__user_id",)
    append_only: ClassVar[bool] = True
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=clock.now, editable=False)
    what = models.CharField(max_length=20)
    reason = models.CharField(max_length=120, blank=True)
    provider = models.CharField(max_length=30, blank=True)
    source_key = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["provider", "source_key"],
                condition=~models.Q(source_key=""),
                name="notifications_event_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="notifications_event_at")]

    def __str__(self) -> str:
        return f"{label(self.what)} at {self.at:%Y-%m-%d %H:%M}"
