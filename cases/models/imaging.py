"""What was kept of uploaded DICOM files: the de-identified header, sealed, and what lists look for."""

from typing import ClassVar

from django.db import models

from cases.models.case import Case
from cases.models.documents import Document
from config.kernel.db import Entity


class ImagingInstance(Entity):
    """One DICOM instance of a case. Its UIDs are not the file's: they are keyed hashes, so that they name nobody.

    ``frames`` counts the frames kept as measured values; ``unshown`` says why there are none or not all.
    """

    sealed_for: ClassVar[str] = "document__patient_id"

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="imaging")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imaging")
    study_uid = models.CharField(max_length=64)
    series_uid = models.CharField(max_length=64)
    instance_uid = models.CharField(max_length=64)
    sop_class = models.CharField(max_length=64)
    transfer_syntax = models.CharField(max_length=64)
    modality = models.CharField(max_length=16, blank=True)
    frames = models.PositiveIntegerField()
    private_removed = models.PositiveIntegerField(default=0)
    burned_in = models.CharField(max_length=10)
    unshown = models.CharField(max_length=300, blank=True)
    header_sealed = models.BinaryField()

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "series_uid"], name="cases_imaging_series"),
        ]

    def __str__(self) -> str:
        return f"{self.modality or 'DICOM'} instance {self.id}"
