"""Archives (ZIP files, CDs of images) that unfold into documents."""

from typing import ClassVar

from django.db import models

from cases.domain.workflow.state_machines import ARCHIVE
from cases.models.case import Case
from config.kernel.db import Entity
from config.kernel.db.states import StateField


class Archive(Entity):
    """A ZIP file that came whole; a job makes documents of what is in it.

    Its bytes are the parts of the resumable upload whose ``document_id`` is this row's id. ``entries_sealed`` says of
    each file, in the archive's order, what became of it; ``done`` of ``files`` have been looked at.
    Of a record that came as data, ``imported_sealed`` counts what was read in it, and what was left out.
    ``planned`` are the documents' ids, given before the first is written, so that a second try knows its own again.
    """

    sealed_for: ClassVar[str] = "patient_id"
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    patient_id = models.UUIDField()
    uploaded_by = models.UUIDField()
    state = StateField(ARCHIVE, max_length=8)
    size = models.PositiveIntegerField()
    files = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    advice = models.CharField(max_length=300, blank=True)
    planned = models.JSONField(default=list)
    entries_sealed = models.BinaryField(null=True)
    imported_sealed = models.BinaryField(null=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "-id"], name="cases_archive_state")]

    def __str__(self) -> str:
        return f"archive {self.id}"
