"""What people say to each other about a case: messages between patient and specialist, notes among those who work."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity


class CaseMessage(Entity):
    """One message; ``seen_at`` is when the other side first read it."""

    sealed_for: ClassVar[str] = "case__patient_id"

    class Side(models.TextChoices):
        PATIENT = "PATIENT"
        SPECIALIST = "SPECIALIST"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author_id = models.UUIDField()
    side = models.CharField(max_length=10, choices=Side)
    body_sealed = models.BinaryField()
    document_ids = models.JSONField(default=list)
    seen_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "-id"], name="cases_message_newest"),
            models.Index(fields=["case", "side"], condition=models.Q(seen_at=None), name="cases_message_unseen"),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"


class CaseNote(Entity):
    """One internal note of the specialist or of staff; the patient does not read it, but may ask for an export."""

    sealed_for: ClassVar[str] = "case__patient_id"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author_id = models.UUIDField()
    author_role = models.CharField(max_length=24)
    body_sealed = models.BinaryField()

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["case", "-id"], name="cases_note_newest")]

    def __str__(self) -> str:
        return f"note {self.id}"
