"""Messages to many people, and whose turn it is."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from config.kernel.db import VersionedEntity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from notifications.domain.state_machines import CAMPAIGN, CampaignState

_NOT_APPROVED = Q(state__in=[CampaignState.DRAFT.value, CampaignState.SUBMITTED.value, CampaignState.CANCELLED.value])
_AT_WORK = Q(state__in=[CampaignState.SCHEDULED.value, CampaignState.RUNNING.value, CampaignState.PAUSED.value])


class Campaign(VersionedEntity):
    """One message for everybody of an audience, written by one person and approved by another.

    ``template`` and the version that it had then say the text; ``variants`` (A/B) name others of the same category,
    each with its version and its share. ``starts_on`` and ``starts_time`` are what a clock on the wall shows in
    ``zone``, or where each of them is ("recipient"); ``at_once``: somebody started it by hand. It is sent in the hours
    of ``window``, by the same clock, and after ``latest_start`` nobody else's turn comes. ``gathered_after`` is how far
    the audience was written down, ``given_until`` up to when turns were given (``domain/pace.py``). What is sent after
    ``watched_from`` tells whether it goes well.
    """

    not_personal: ClassVar[str] = "what staff say to many; each of them has a row of CampaignRecipient"
    name = models.CharField(max_length=80)
    state = StateField(CAMPAIGN, max_length=10)
    template = models.CharField(max_length=80)
    template_version = models.PositiveIntegerField()
    category = models.CharField(max_length=20)
    channels = models.JSONField()
    values = models.JSONField(default=dict)
    variants = models.JSONField(default=list)
    audience = models.JSONField(default=dict)
    starts_on = models.DateField()
    starts_time = models.TimeField()
    zone = models.CharField(max_length=64)
    latest_start = models.DateTimeField(null=True)
    window_from = models.TimeField(null=True)
    window_to = models.TimeField(null=True)
    per_minute = models.PositiveIntegerField()
    author_id = models.UUIDField()
    submitted_by = models.UUIDField(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    people_at_approval = models.PositiveIntegerField(null=True)
    at_once = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    watched_from = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=120, blank=True)
    gathered_after = models.UUIDField(null=True)
    gathered_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    given_until = models.DateTimeField(null=True)

    class Meta(VersionedEntity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("author_id")), name="notifications_campaign_not_author"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(submitted_by__isnull=False) & ~Q(approved_by=F("submitted_by")),
                name="notifications_campaign_second_person",
            ),
            models.CheckConstraint(
                condition=_NOT_APPROVED | Q(approved_by__isnull=False), name="notifications_campaign_approved"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-id"], name="notifications_campaign_list"),
            models.Index(fields=["state"], condition=_AT_WORK, name="notifications_campaign_work"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {lowered(self.state)}"


class CampaignRecipient(models.Model):
    """One person of a campaign, once: their place in it, and from when on their turn may come.

    ``notice_id`` is the notice that it became; it names no row of ours on purpose, so that whoever had theirs is never
    taken for somebody who waits, however long notices are kept. ``left_out`` says why somebody gets none.
    """

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    user_id = models.UUIDField()
    position = models.PositiveIntegerField()
    variant = models.PositiveSmallIntegerField(default=0)
    zone = models.CharField(max_length=64)
    not_before = models.DateTimeField()
    notice_id = models.UUIDField(null=True)
    left_out = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "user_id"], name="notifications_recipient_once"),
            models.UniqueConstraint(
                fields=["notice_id"], condition=Q(notice_id__isnull=False), name="notifications_recipient_notice"
            ),
            models.CheckConstraint(
                condition=Q(notice_id=None) | Q(left_out=""), name="notifications_recipient_one_end"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["campaign", "not_before", "position"],
                condition=Q(notice_id=None, left_out=""),
                name="notifications_recipient_waits",
            ),
            models.Index(fields=["user_id"], name="notifications_recipient_user"),
        ]

    def __str__(self) -> str:
        return f"person {self.position} of {self.campaign_id}"
