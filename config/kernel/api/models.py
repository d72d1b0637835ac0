"""The row behind an Idempotency-Key."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7
from config.kernel.labels import label


class AbstractIdempotencyKey(models.Model):
    """One answered POST, kept for a day; the answer is sealed, for it may tell of a patient."""

    not_personal: ClassVar[str] = "answers under a hashed key, sealed by the master key, deleted after a day"
    sealed_for: ClassVar[str] = "master"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scoped_key = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    answer_sealed = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.scoped_key[:8]}… {label(self.status)}"
