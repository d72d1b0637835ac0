"""The files of a person's cases, for the copy that they may ask for."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from uuid import UUID

from cases.domain.workflow.state_machines import UNSAFE_DOCUMENTS
from cases.models import Document, Report
from cases.queries.sealed_contents import place
from cases.services.storage import sealed_files
from config.kernel.crypto import DataKey, UnreadableSecret, open_text
from config.kernel.errors import Unavailable
from config.kernel.privacy import ExportPart, exported_rows


def export_parts(subject_id: UUID, key: DataKey) -> Iterator[ExportPart]:
    """Every row about the person, every report as PDF and as FHIR, and every uploaded file as it came.

    But no file that was refused (infected, or another person's), or that nobody has looked at yet.
    """
    yield from exported_rows("cases", subject_id, key)
    for document in Document.objects.filter(patient_id=subject_id).exclude(state__in=UNSAFE_DOCUMENTS).order_by("id"):
        name = open_text(key, place("document", "name", document.id), document.name_sealed)
        path = f"files/{document.case_id}/{document.id}{PurePosixPath(name).suffix[:10].lower()}"
        yield from _file(path, "original", document.id, document.storage_key, key)
    for report in Report.objects.filter(case__patient_id=subject_id).order_by("id"):
        yield from _file(f"reports/{report.id}.pdf", "report", report.id, report.pdf_key, key)
        yield from _file(f"fhir/{report.id}.json", "reportfhir", report.id, report.fhir_key, key)


def _file(path: str, kind: str, row_id: UUID, storage_key: str, key: DataKey) -> Iterator[ExportPart]:
    try:
        yield ExportPart(path, sealed_files.fetch(key, kind, row_id, storage_key))
    except (Unavailable, UnreadableSecret):
        yield ExportPart(f"{path}.missing.txt", (b"This file could not be read when the copy was made.\n",))
