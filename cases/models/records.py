"""Records asked of somebody who treats, or treated, the patient."""

from typing import ClassVar

from django.db import models

from cases.domain.workflow.state_machines import RECORD_REQUEST
from cases.models.case import Case
from config.kernel.db import Entity, VersionedEntity
from config.kernel.db.states import StateField


class RecordRequest(VersionedEntity):
    """What was asked of whom, until when; whom and what are sealed for the patient."""

    sealed_for: ClassVar[str] = "case__patient_id"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="record_requests")
    requested_by = models.UUIDField()
    recipient_sealed = models.BinaryField()
    items_sealed = models.BinaryField()
    state = StateField(RECORD_REQUEST, max_length=14)
    due_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    next_reminder_at = models.DateTimeField(null=True, db_index=True)

    class Meta(VersionedEntity.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "-id"], name="cases_request_state")]

    def __str__(self) -> str:
        return f"record request {self.id}"


class RecordLink(Entity):
    """A link that was mailed: it takes files for one request, and opens nothing. Each mail has its own."""

    request = models.ForeignKey(RecordRequest, on_delete=models.CASCADE, related_name="links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"record link {self.id}"


class RecordUpload(Entity):
    """A document that came by a link."""

    request = models.ForeignKey(RecordRequest, on_delete=models.CASCADE, related_name="uploads")
    document_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"record upload {self.id}"
