"""What somebody prepares before they have an account: answers and files, sealed under a key of their own."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity, VersionedEntity


class Submission(VersionedEntity):
    """Opened by nobody we know, held together by a secret of which only the hash is here; gone after 72 hours.

    Its data key is kept under its own id, and is destroyed when the submission ends or has become a case.
    """

    sealed_for: ClassVar[str] = "id"
    personal_to: ClassVar[tuple[str, ...]] = ("claimed_by",)
    secret_hash = models.BinaryField(max_length=32)
    told_sealed = models.BinaryField(null=True)
    expires_at = models.DateTimeField(db_index=True)
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    case_id = models.UUIDField(null=True)
    emptied = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"submission {self.id}"


class SubmissionFile(Entity):
    """One file: inspected and quarantined, and never read before it belongs to a case."""

    sealed_for: ClassVar[str] = "submission__id"
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200)

    class Meta(Entity.Meta):
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="cases_submission_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.id}"
