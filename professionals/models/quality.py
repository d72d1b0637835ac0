"""What specialists did, copied from events; what patients say of the service; figures computed by a job."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from professionals.domain.publication_machines import REVIEW
from professionals.models.profiles import Professional


class CaseWork(Entity):
    """One case as its events told it: who worked on it, when, and what followed; ``active`` while it fills capacity."""

    personal_to: ClassVar[tuple[str, ...]] = ("patient_id", "user_id")
    case_id = models.UUIDField(unique=True)
    patient_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    amendments = models.PositiveSmallIntegerField(default=0)
    peer_agreed = models.PositiveSmallIntegerField(default=0)
    peer_asked_changes = models.PositiveSmallIntegerField(default=0)
    diagnosis_agreement = models.CharField(max_length=30, blank=True)
    treatment_agreement = models.CharField(max_length=30, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True)
    held = models.BooleanField(null=True)
    held_day = models.PositiveSmallIntegerField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id"], condition=models.Q(active=True), name="professionals_work_active")
        ]

    def __str__(self) -> str:
        return f"work on {self.case_id}"


class Review(Entity):
    """A patient's word on the service of one closed case: once, shown without a name after staff looked at it."""

    personal_to: ClassVar[tuple[str, ...]] = ("patient_id",)
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="reviews")
    case_id = models.UUIDField(unique=True)
    patient_id = models.UUIDField()
    score = models.PositiveSmallIntegerField()
    statements = models.JSONField(default=list)
    state = StateField(REVIEW, max_length=10)
    moderated_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"review {lowered(self.state)}"


class Statistics(Entity):
    """A specialist's own figures; ``None`` is an explicit unknown."""

    professional = models.OneToOneField(Professional, on_delete=models.CASCADE, related_name="statistics")
    figures = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta(Entity.Meta):
        verbose_name_plural = "statistics"

    def __str__(self) -> str:
        return f"figures of {self.computed_at:%Y-%m-%d}"
