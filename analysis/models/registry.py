"""Models we know of and calls made to them. No text of a document or of an answer is kept here."""

from typing import ClassVar

from django.db import models

from analysis.domain.state_machines import MODEL
from analysis.models.runs import AnalysisRun
from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import label


class ModelRecord(Entity):
    """One engine or provider's model, its state and what replaces it when retired."""

    not_personal: ClassVar[str] = "engines and models"

    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=40, blank=True)
    state = StateField(MODEL, max_length=10)
    capabilities = models.JSONField(default=list)
    replaced_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)
    evaluated_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        ordering: ClassVar[list[str]] = ["provider", "name", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "name", "version"], name="analysis_model_once")
        ]

    def __str__(self) -> str:
        return f"{label(self.provider)} {self.name}"


class ProviderCall(Entity):
    """One call to an outside provider: hashes, counts and outcome."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="calls")
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    template_version = models.CharField(max_length=20)
    request_sha256 = models.CharField(max_length=64)
    answer_sha256 = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=20)
    status = models.PositiveSmallIntegerField(null=True)
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    latency_ms = models.PositiveIntegerField()
    claims_kept = models.PositiveIntegerField(default=0)
    claims_dropped = models.PositiveIntegerField(default=0)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["provider", "-id"], name="analysis_call_provider"),
            models.Index(fields=["outcome", "-id"], name="analysis_call_outcome"),
        ]

    def __str__(self) -> str:
        return f"call {self.id}"
