"""The audit row. Its fields follow FHIR AuditEvent: agent, action, outcome, purpose, entity."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7
from config.kernel.labels import label


class AbstractAuditEntry(models.Model):
    """One recorded act. The application's role may insert rows and seal them, never change what they say."""

    on_erasure: ClassVar[str] = "keep"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=clock.now)
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, default="success")
    purpose = models.CharField(max_length=40, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_roles = models.CharField(max_length=160, blank=True)
    session_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.BinaryField(null=True)
    entry_hash = models.BinaryField(null=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at", "id"], name="%(app_label)s_audit_newest"),
            models.Index(fields=["patient_id", "at"], name="%(app_label)s_audit_patient"),
            models.Index(fields=["at", "id"], condition=models.Q(sequence=None), name="%(app_label)s_audit_unsealed"),
            # For staff who look for what is rare: nearly all succeeds, and is done by people or by the platform.
            models.Index(
                fields=["outcome", "at", "id"],
                condition=~models.Q(outcome="success"),
                name="%(app_label)s_audit_outcome",
            ),
            models.Index(
                fields=["actor_kind", "at", "id"],
                condition=~models.Q(actor_kind__in=("user", "system")),
                name="%(app_label)s_audit_actor",
            ),
            # What somebody did, and what was done with one thing: asked long after.
            models.Index(
                fields=["actor_id", "at"],
                condition=models.Q(actor_id__isnull=False),
                name="%(app_label)s_audit_by",
            ),
            models.Index(
                fields=["object_id", "at"],
                condition=models.Q(object_id__isnull=False),
                name="%(app_label)s_audit_about",
            ),
        ]

    def __str__(self) -> str:
        return f"{label(self.action)}, {label(self.object_type)} {self.object_id}"
