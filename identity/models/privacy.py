"""Copies of everything that is held about a person."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from identity.domain.state_machines import ERASURE, EXPORT, RECTIFICATION, ExportState, RectificationState
from identity.models.accounts import User

_AT_WORK = models.Q(state__in=(ExportState.QUEUED.value, ExportState.RUNNING.value))
_OPEN = models.Q(state=RectificationState.OPEN.value)


class Export(Entity):
    """One copy, made by a job, sealed on disk, fetched by a link of a minute that works once, gone after a week."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    state = StateField(EXPORT, max_length=8)
    progress = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    link_hash = models.BinaryField(null=True, unique=True)
    link_expires_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user"], condition=_AT_WORK, name="identity_export_one_at_work")
        ]

    def __str__(self) -> str:
        return f"export {self.id}"


class LegalHold(Entity):
    """While one stands, nothing of the person is erased: a dispute, an inquiry. The reason names no diagnosis."""

    on_erasure: ClassVar[str] = "keep"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=200)
    placed_by = models.UUIDField()
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at=None), name="identity_legal_hold_one_stands"
            )
        ]

    def __str__(self) -> str:
        return f"legal hold {self.id}"


class Erasure(Entity):
    """One person's erasure: which contexts have answered, and when it was complete."""

    on_erasure: ClassVar[str] = "keep"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="erasure")
    requested_by = models.UUIDField()
    state = StateField(ERASURE, max_length=8)
    waiting_for = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"erasure {lowered(self.state)}"


class Rectification(Entity):
    """A person says that something held about them is wrong, and how it should read; somebody answers in a month."""

    sealed_for: ClassVar[str] = "user_id"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="rectifications")
    about = models.CharField(max_length=12)
    state = StateField(RECTIFICATION, max_length=8)
    claim_sealed = models.BinaryField()
    answer_sealed = models.BinaryField(null=True)
    due_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=_OPEN, name="identity_rectification_open")
        ]

    def __str__(self) -> str:
        return f"rectification {lowered(self.state)}"
