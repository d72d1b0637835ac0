"""Specialists, their licences and availability. Licence numbers are sealed; a blind index finds equal ones."""

from typing import Any, ClassVar

from django.db import models

from config.kernel.db import Entity, VersionedEntity
from config.kernel.db.states import StateField
from professionals.domain.credentials import CREDENTIALS
from professionals.domain.parties import normal_name


class Professional(VersionedEntity):
    """A specialist's profile; name and specialty are public once verified.

    ``name_key`` and ``organisation_key`` are the names as the parties graph compares them. The table has one more
    column, ``words``, which the database keeps itself: the public fields for full-text search.
    """

    user_id = models.UUIDField(unique=True)
    display_name = models.CharField(max_length=200)
    specialty = models.CharField(max_length=40)
    languages = models.JSONField(default=list)
    organisation = models.CharField(max_length=200, blank=True)
    biography = models.TextField(max_length=4000, blank=True)
    state = StateField(CREDENTIALS, max_length=10)
    capacity = models.PositiveSmallIntegerField(default=5)
    accepting = models.BooleanField(default=True)
    out_of_office_until = models.DateField(null=True)
    weekly_hours = models.JSONField(default=list)
    time_zone = models.CharField(max_length=40, default="UTC")
    sub_specialties = models.JSONField(default=list)
    procedures = models.JSONField(default=list)
    turnaround_days = models.FloatField(null=True)
    feed_index = models.BinaryField(null=True)
    submitted_by = models.UUIDField(null=True)
    name_key = models.TextField(default="", editable=False)
    organisation_key = models.TextField(default="", editable=False)

    class Meta(VersionedEntity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["specialty", "state"], name="professionals_specialty"),
            models.Index(fields=["state", "-id"], name="professionals_state"),
            models.Index(fields=["feed_index"], name="professionals_feed"),
            models.Index(fields=["name_key"], name="professionals_name_key"),
            models.Index(fields=["organisation_key"], name="professionals_org_key"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the compared names in step with the written ones."""
        self.name_key, self.organisation_key = normal_name(self.display_name), normal_name(self.organisation)
        super().save(*args, **kwargs)


class Licence(Entity):
    """One licence to practise, at one place."""

    sealed_for: ClassVar[str] = "professional__user_id"
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="licences")
    place = models.CharField(max_length=6)
    number_sealed = models.BinaryField()
    number_index = models.BinaryField()
    body = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField()
    verified_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, default="active")
    checked_on = models.DateField(null=True)
    check_evidence = models.CharField(max_length=500, blank=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "number_index"], name="professionals_licence_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")), name="professionals_licence_days"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "valid_to"], name="professionals_licence_place")
        ]

    def __str__(self) -> str:
        return f"licence for {self.place}"


class VerificationDecision(Entity):
    """One decision on credentials. The two who make it up are different people (checked by the database too)."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="decisions")
    prepared_by = models.UUIDField()
    decided_by = models.UUIDField(null=True)
    approved = models.BooleanField(null=True)
    evidence = models.CharField(max_length=500)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(prepared_by=models.F("decided_by")), name="professionals_two_people"
            ),
            models.UniqueConstraint(
                fields=["professional"],
                condition=models.Q(decided_by=None),
                name="professionals_one_open_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.id}"
