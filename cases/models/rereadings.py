"""Documents that a newer reader reads again, and signed reports that rest on what it reads otherwise."""

from typing import ClassVar

from django.db import models

from cases.domain.workflow.state_machines import RECHECK, REREADING, RecheckState, RereadingState
from cases.models.case import Case
from cases.models.documents import Document
from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered


class Rereading(Entity):
    """One document read again by one version of the reader. The former reading stays here as it was.

    ``reason`` says as a code why nothing was read. ``identity_match`` and ``doubts`` are what the new reader thinks
    of an accepted document's owner. Where something speaks against, two people say that it is the patient's all the
    same: ``begun_by`` and, after that, ``settled_by``.
    """

    sealed_for: ClassVar[str] = "patient_id"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="rereadings")
    patient_id = models.UUIDField()
    state = StateField(REREADING, max_length=9)
    former_version = models.PositiveSmallIntegerField()
    reader_version = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=40, blank=True)
    former_sealed = models.BinaryField(null=True)
    identity_match = models.CharField(max_length=12, blank=True)
    doubts = models.CharField(max_length=80, blank=True)
    begun_by = models.UUIDField(null=True)
    settled_by = models.UUIDField(null=True)
    reasons_sealed = models.BinaryField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document", "reader_version"],
                # Of a case that had ended: should it be opened again, its documents are read again.
                condition=~models.Q(state=RereadingState.DROPPED.value),
                name="cases_rereading_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "-id"], name="cases_rereading_state")]

    def __str__(self) -> str:
        return f"re-reading {lowered(self.state)}"


class ReportRecheck(Entity):
    """A signed report at which the medical director looks again: ``cause`` is critical_value or another_person.

    ``values`` counts the critical values that are read otherwise.
    """

    on_erasure: ClassVar[str] = "tombstone"
    sealed_for: ClassVar[str] = "case__patient_id"

    class Cause(models.TextChoices):
        CRITICAL_VALUE = "critical_value"
        ANOTHER_PERSON = "another_person"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rechecks")
    document_id = models.UUIDField()
    cause = models.CharField(max_length=20, choices=Cause)
    values = models.PositiveIntegerField(default=0)
    state = StateField(RECHECK, max_length=7)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document_id", "cause"],
                condition=models.Q(state=RecheckState.OPEN.value),
                name="cases_recheck_one_open",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "-id"], name="cases_recheck_state")]

    def __str__(self) -> str:
        return f"recheck {lowered(self.state)}"
