"""Emergency access: who opened whose records, why, until when, and what the review found."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity


class BreakGlass(Entity):
    """One use of the emergency access, for all of one patient's cases. A person has one unreviewed use at most."""

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "patient_id"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="emergencies")
    patient_id = models.UUIDField()
    user_id = models.UUIDField()
    reason_sealed = models.BinaryField()
    ends_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)
    remarks_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "break-glass uses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user_id"], condition=models.Q(reviewed_at=None), name="cases_breakglass_reviewed_first"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["patient_id", "user_id", "ends_at"], name="cases_breakglass_open"),
            models.Index(fields=["-id"], condition=models.Q(reviewed_at=None), name="cases_breakglass_unreviewed"),
        ]

    def __str__(self) -> str:
        return f"break-glass {self.id}"
