"""The case, its questions, history and clock. What a patient wrote is sealed with the patient's data key."""

from typing import ClassVar

from django.db import models

from cases.domain.workflow.states import State
from config.kernel import clock
from config.kernel.db import Entity, VersionedEntity
from config.kernel.labels import label


class Case(VersionedEntity):
    """One request for a second opinion."""

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "patient_id"
    reference = models.CharField(max_length=16, unique=True)
    patient_id = models.UUIDField()
    state = models.CharField(max_length=20, default=State.DRAFT, choices=[(s.value, s.value) for s in State])
    state_since = models.DateTimeField(default=clock.now)
    title_sealed = models.BinaryField()
    intake_sealed = models.BinaryField()
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=5, default="en")
    specialty = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=10, blank=True)
    service_type = models.CharField(max_length=20, blank=True)
    condition = models.CharField(max_length=20, blank=True)
    red_flag_check = models.CharField(max_length=20, blank=True)
    legal_basis = models.CharField(max_length=40, blank=True)
    assigned_user_id = models.UUIDField(null=True)
    peer_user_id = models.UUIDField(null=True)
    hold_reason = models.CharField(max_length=200, blank=True)
    held_by = models.UUIDField(null=True)
    hold_until = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(VersionedEntity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["patient_id", "-id"], name="cases_case_patient"),
            models.Index(fields=["assigned_user_id", "-id"], name="cases_case_assigned"),
            models.Index(fields=["state", "-id"], name="cases_case_state"),
            models.Index(
                fields=["peer_user_id"], name="cases_case_peer", condition=models.Q(peer_user_id__isnull=False)
            ),
            models.Index(fields=["-id"], name="cases_case_held", condition=models.Q(held_by__isnull=False)),
            # The lists of staff: by each value that they filter by, and in each order. Those by the promised time and
            # by urgency are expressions, made in migration 0025.
            *(
                models.Index(fields=[field, "id"], name=f"cases_case_{field}")
                for field in (
                    "submitted_at",
                    "delivered_at",
                    "urgency",
                    "specialty",
                    "service_type",
                    "condition",
                    "country",
                    "updated_at",
                    "state_since",
                    "promised_at",
                )
            ),
            models.Index(fields=["state", "updated_at", "id"], name="cases_case_state_updated"),
            models.Index(fields=["state", "state_since", "id"], name="cases_case_state_waiting"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def on_hold(self) -> bool:
        """Whether somebody put the case on hold."""
        return self.held_by is not None


class Question(Entity):
    """One thing the patient wants answered; ``number`` counts from 1."""

    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text_sealed = models.BinaryField()

    class Meta(Entity.Meta):
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_question_number")
        ]

    def __str__(self) -> str:
        return f"question {self.number}"


class ChecklistItem(Entity):
    """A record that the case needs: present, missing, or waived by somebody for a reason."""

    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="checklist")
    code = models.CharField(max_length=40)
    title_sealed = models.BinaryField()
    waived_by = models.UUIDField(null=True)
    waiver_reason = models.CharField(max_length=300, blank=True)
    present = models.BooleanField(default=False)
    required = models.BooleanField(default=True)
    importance = models.PositiveSmallIntegerField(default=50)
    why = models.CharField(max_length=300, blank=True)
    could_change = models.CharField(max_length=300, blank=True)
    # What somebody asked for by name could change, in their own words.
    could_change_sealed = models.BinaryField(null=True)
    document_id = models.UUIDField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "code"], name="cases_checklist_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What keeps a case from going on: counted on the staff's first page.
            models.Index(
                fields=["-id"],
                condition=models.Q(required=True, present=False, waived_by=None),
                name="cases_checklist_lacking",
            )
        ]

    def __str__(self) -> str:
        return label(self.code)


class StatusHistory(Entity):
    """One transition that happened: one row, and one event, each."""

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "case__patient_id"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="history")
    transition = models.CharField(max_length=24)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=20)
    reason_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "status history"

    def __str__(self) -> str:
        return f"{label(self.source)} → {label(self.target)}"


class ClockInterval(Entity):
    """A time in which the service clock ran; at most one is open."""

    on_erasure: ClassVar[str] = "tombstone"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clock")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="cases_clock_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.started_at} – {self.ended_at or '…'}"
