"""Files on their way in, in parts: each part sealed in the document storage, so that a restart loses nothing."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from config.kernel.db import Entity


class ResumableUpload(Entity):
    """One file that comes in parts. ``received`` of ``length`` bytes are here; ``document_id`` is what it will be."""

    sealed_for: ClassVar[str] = "patient_id"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    patient_id = models.UUIDField()
    uploaded_by = models.UUIDField()
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=100, blank=True)
    length = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    document_id = models.UUIDField(unique=True)
    finished = models.BooleanField(default=False)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"upload {self.id}"


class UploadPart(Entity):
    """Bytes of an upload from ``start`` on, sealed as a file of their own."""

    sealed_for: ClassVar[str] = "upload__patient_id"
    upload = models.ForeignKey(ResumableUpload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    storage_key = models.CharField(max_length=200)

    class Meta(Entity.Meta):
        ordering: ClassVar[list[str]] = ["start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["upload", "start"], name="cases_upload_part_once")
        ]

    def __str__(self) -> str:
        return f"part at {self.start}"
