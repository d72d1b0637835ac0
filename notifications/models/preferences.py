"""What people want to be told, by which channel, and at what hours."""

from typing import ClassVar

from django.db import models

from config.kernel.labels import label
from notifications.domain.categories import Category, ChannelName, Choice


def _choices(of: type[Category] | type[ChannelName] | type[Choice]) -> list[tuple[str, str]]:
    return [(one.value, label(one.value)) for one in of]


class ChannelPreference(models.Model):
    """When somebody wants one category by one channel; without a row the channel's default holds.

    ``former``: what held before the last change, so that one that was made in passing (``by_link``, by the link of a
    mail) can be taken back by that link. What was chosen in the account is changed there alone.
    """

    user_id = models.UUIDField()
    category = models.CharField(max_length=20, choices=_choices(Category))
    channel = models.CharField(max_length=10, choices=_choices(ChannelName))
    choice = models.CharField(max_length=10, choices=_choices(Choice))
    former = models.CharField(max_length=10, choices=_choices(Choice), blank=True, default="", db_default="")
    by_link = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "category", "channel"], name="notifications_preference_once")
        ]

    def __str__(self) -> str:
        return f"{label(self.category)} by {label(self.channel)}: {label(self.choice)}"


class DeliverySettings(models.Model):
    """A person's quiet hours and the hour of their digest, as wall times where they are. ``version`` is its ETag."""

    user_id = models.UUIDField(primary_key=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        # Its column "email" is read by the former release alone, and goes when that runs nowhere any more.
        db_table = "notifications_preference"
        verbose_name_plural = "delivery settings"

    def __str__(self) -> str:
        return f"delivery settings of {self.user_id}"
