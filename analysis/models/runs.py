"""Runs and their findings. What describes the patient is sealed with the patient's data key."""

from typing import ClassVar

from django.db import models

from analysis.domain.state_machines import CHANGE, DECISION, OPEN_RUNS, RUN
from config.kernel.db import Entity, VersionedEntity
from config.kernel.db.states import StateField

_OPEN = models.Q(state__in=tuple(state.value for state in OPEN_RUNS))


class AnalysisRun(Entity):
    """One analysis of one document, in the reading that ``reader_version`` gave.

    ``again``: of a document that was analysed before, because reader or engine are newer.
    """

    case_id = models.UUIDField(db_index=True)
    document_id = models.UUIDField()
    patient_id = models.UUIDField(db_index=True)
    state = StateField(RUN, max_length=9)
    reason = models.CharField(max_length=40, blank=True)
    requested_by = models.UUIDField(null=True)
    knowledge_release = models.CharField(max_length=20, blank=True)
    engine_version = models.CharField(max_length=20, blank=True)
    reader_version = models.PositiveSmallIntegerField(default=0, db_default=0)
    again = models.BooleanField(default=False, db_default=False)
    degraded = models.BooleanField(default=False)
    dropped_claims = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document_id"],
                condition=_OPEN,
                name="analysis_run_one_open",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["document_id", "-id"], name="analysis_run_document"),
            models.Index(fields=["state", "-id"], name="analysis_run_state"),
            models.Index(fields=["-id"], condition=models.Q(degraded=True), name="analysis_run_degraded"),
        ]

    def __str__(self) -> str:
        return f"run {self.id}"


class Finding(VersionedEntity):
    """One statement of a run, until a professional decides on it."""

    sealed_for: ClassVar[str] = "patient_id"

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="findings")
    case_id = models.UUIDField(db_index=True)
    document_id = models.UUIDField()
    patient_id = models.UUIDField()
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    severity = models.CharField(max_length=12)
    engine = models.CharField(max_length=60)
    knowledge_release = models.CharField(max_length=20)
    confidence = models.FloatField(null=True)
    superseded = models.BooleanField(default=False)
    content_sealed = models.BinaryField()
    decision = StateField(DECISION, max_length=8)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_sealed = models.BinaryField(null=True)

    class Meta(VersionedEntity.Meta):
        ordering: ClassVar[list[str]] = ["run_id", "position"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=[field, "-id"], name=f"analysis_finding_{short}")
            for field, short in (
                ("document_id", "document"),
                ("patient_id", "patient"),
                ("kind", "kind"),
                ("severity", "severity"),
                ("decision", "decision"),
                ("superseded", "superseded"),
            )
        ]

    def __str__(self) -> str:
        return f"finding {self.id}"


class FindingChange(Entity):
    """What a newer reading of a document says otherwise than the former one; ``what`` is new, changed or vanished.

    ``finding_id`` is the finding that stands now, ``former_id`` the one of before with its decision, both as they are
    kept in ``Finding``. ``critical``: one of them is a matter of life and death.
    """

    class What(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        VANISHED = "vanished"

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="changes")
    case_id = models.UUIDField()
    document_id = models.UUIDField()
    patient_id = models.UUIDField()
    what = models.CharField(max_length=8, choices=What)
    state = StateField(CHANGE, max_length=8)
    finding_id = models.UUIDField(null=True)
    former_id = models.UUIDField(null=True)
    former_decision = models.CharField(max_length=8, blank=True)
    critical = models.BooleanField()

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case_id", "-id"], name="analysis_change_case"),
            models.Index(fields=["finding_id"], name="analysis_change_finding"),
            models.Index(fields=["former_id"], name="analysis_change_former"),
            models.Index(fields=["state", "-id"], name="analysis_change_state"),
        ]

    def __str__(self) -> str:
        return f"change {self.id}"
