"""Documents that prove a licence or a credential: sealed for their owner, and confirmed by two people."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from professionals.domain.credentials import EVIDENCE, EvidenceState
from professionals.models.credentials import Credential
from professionals.models.profiles import Licence, Professional


class Evidence(Entity):
    """One file, in Base64."""

    sealed_for: ClassVar[str] = "professional__user_id"
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="documents")
    licence = models.ForeignKey(Licence, null=True, on_delete=models.CASCADE, related_name="documents")
    credential = models.ForeignKey(Credential, null=True, on_delete=models.CASCADE, related_name="documents")
    uploaded_by = models.UUIDField()
    name_sealed = models.BinaryField()
    content_sealed = models.BinaryField()
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = StateField(EVIDENCE, max_length=11)
    advice = models.CharField(max_length=300, blank=True)
    pages = models.PositiveSmallIntegerField(null=True)
    prepared_by = models.UUIDField(null=True)
    says = models.CharField(max_length=500, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        verbose_name_plural = "evidence"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(licence__isnull=False) ^ models.Q(credential__isnull=False),
                name="professionals_evidence_of_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(prepared_by=models.F("decided_by")), name="professionals_evidence_two_people"
            ),
            models.UniqueConstraint(
                fields=["professional", "sha256"],
                condition=~models.Q(state__in=(EvidenceState.REJECTED.value, EvidenceState.REFUSED.value)),
                name="professionals_evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {lowered(self.state)}"
