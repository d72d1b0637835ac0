"""Stored files follow a rotated data key: sealed anew beside the old file, swapped in one row change.

Whoever found the row before the swap still reads the old file: it is deleted ten minutes later.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from cases.adapters.storage import ObjectMissing, document_storage, new_key
from cases.db import atomic, now
from cases.models import (
    Document,
    DocumentPage,
    Report,
    ResumableUpload,
    RetiredFile,
    Submission,
    SubmissionFile,
    UploadPart,
)
from cases.queries.sealed_contents import place
from cases.services.storage.sealed_files import KEEP_WRITERS, await_row, keep, retire
from config.kernel.crypto import DataKey, KeyDestroyed
from config.kernel.crypto.streams import HEADER_BYTES, decrypt_stream, encrypt_stream, stream_version
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One file that a row names: in which column, sealed as what kind."""

    model: type[Model]
    row_id: UUID
    column: str
    kind: str
    storage_key: str


def reseal_files(*, subject_id: UUID) -> None:
    """Queue a job for each document and each report of a person (or for the files of a submission)."""
    named = (
        ("document", Document.objects.filter(patient_id=subject_id)),
        ("report", _reports(subject_id)),
        ("upload", ResumableUpload.objects.filter(patient_id=subject_id, finished=False)),
        ("submission", Submission.objects.filter(id=subject_id, emptied=False)),
    )
    for kind, rows in named:
        for row_id in rows.values_list("id", flat=True):
            enqueue(context="cases", kind=f"cases.reseal_{kind}", subject_id=row_id, queue="bulk")


def reseal_document(run: JobRun) -> None:
    """The job: a document's original and the pictures of its pages."""
    document = Document.objects.filter(id=run.subject_id).first()
    if document is not None:
        _reseal(files_of_document(document), document.patient_id)


def reseal_report(run: JobRun) -> None:
    """The job: a report's PDF and FHIR document."""
    report = Report.objects.select_related("case").filter(id=run.subject_id).first()
    if report is not None:
        _reseal(files_of_report(report), report.case.patient_id)


def reseal_upload(run: JobRun) -> None:
    """The job: the parts of a file on its way in."""
    for part in UploadPart.objects.select_related("upload").filter(upload_id=run.subject_id):
        _reseal(iter([file_of_part(part)]), part.upload.patient_id)


def reseal_submission(run: JobRun) -> None:
    """The job: the files of a submission, whose key is kept under its own id."""
    for file in SubmissionFile.objects.filter(submission_id=run.subject_id):
        _reseal(iter([file_of_submission(file)]), run.subject_id)


def files_by_version(*, subject_id: UUID) -> Counter[int]:
    """How many files of a person each version of their data key seals."""
    found: Counter[int] = Counter()
    for document in Document.objects.filter(patient_id=subject_id):
        found.update(filter(None, (_version(stored.storage_key) for stored in files_of_document(document))))
    for file in SubmissionFile.objects.filter(submission_id=subject_id):
        found.update(filter(None, (_version(file.storage_key),)))
    for part in UploadPart.objects.filter(upload__patient_id=subject_id):
        found.update(filter(None, (_version(part.storage_key),)))
    for report in _reports(subject_id):
        found.update(filter(None, (_version(stored.storage_key) for stored in files_of_report(report))))
    return found


def discard_retired(run: JobRun) -> None:
    """The job: delete files whose time is over; of those that were awaited, none that a row names by now."""
    rows = list(RetiredFile.objects.filter(discard_after__lt=now()).order_by("discard_after")[:1000])
    named = _named({row.storage_key for row in rows if row.awaited})
    for row in rows:
        if row.storage_key not in named:
            document_storage().delete(row.storage_key)
        row.delete()
    document_storage().discard_unfinished(before=now() - KEEP_WRITERS)


def _named(storage_keys: set[str]) -> set[str]:
    """Those of the keys that a row names."""
    columns: tuple[tuple[type[Model], str], ...] = (
        (Document, "storage_key"),
        (DocumentPage, "image_key"),
        (DocumentPage, "thumbnail_key"),
        (DocumentPage, "frame_key"),
        (Report, "pdf_key"),
        (Report, "fhir_key"),
        (SubmissionFile, "storage_key"),
        (UploadPart, "storage_key"),
    )
    if not storage_keys:
        return set()
    found = (
        model._default_manager.filter(**{f"{column}__in": storage_keys}).values_list(column, flat=True)
        for model, column in columns
    )
    return {key for keys in found for key in keys}


def _reseal(stored: Iterator[Stored], patient_id: UUID) -> None:
    identity.forget_keys()
    try:
        key = identity.data_key(subject_id=patient_id)
    except KeyDestroyed:
        return
    for one in stored:
        version = _version(one.storage_key)
        if version is not None and version < key.version:
            _replace(one, key)


def _replace(stored: Stored, key: DataKey) -> None:
    where, fresh = place("file", stored.kind, stored.row_id), new_key(stored.kind)
    # Should this process die between, the new file does not stay for ever.
    await_row(fresh)
    plain = decrypt_stream(key=key, place=where, source=document_storage().open(stored.storage_key))
    document_storage().put(fresh, encrypt_stream(key=key, place=where, source=plain))
    with atomic():
        rows: Any = stored.model._default_manager.filter(pk=stored.row_id, **{stored.column: stored.storage_key})
        if rows.update(**{stored.column: fresh}):
            keep(fresh)
            retire(stored.storage_key)


def _version(storage_key: str) -> int | None:
    """The version that sealed a stored file; ``None`` when there is no such file."""
    try:
        head = b"".join(document_storage().open(storage_key, length=HEADER_BYTES))
    except ObjectMissing:
        return None
    return stream_version(head)


def _reports(subject_id: UUID) -> Any:
    return Report.objects.filter(case__patient_id=subject_id)


def files_of_document(document: Document) -> Iterator[Stored]:
    """The stored files of a document: the original, the pages' pictures, the frames' values."""
    yield Stored(
        model=Document, row_id=document.id, column="storage_key", kind="original", storage_key=document.storage_key
    )
    for page in DocumentPage.objects.filter(document=document):
        for column, kind in (("image_key", "page"), ("thumbnail_key", "thumbnail"), ("frame_key", "frame")):
            if getattr(page, column):
                yield Stored(
                    model=DocumentPage, row_id=page.id, column=column, kind=kind, storage_key=getattr(page, column)
                )


def file_of_part(part: UploadPart) -> Stored:
    """The stored file of an upload's part."""
    return Stored(model=UploadPart, row_id=part.id, column="storage_key", kind="part", storage_key=part.storage_key)


def file_of_submission(file: SubmissionFile) -> Stored:
    """The stored file of a submission."""
    return Stored(
        model=SubmissionFile, row_id=file.id, column="storage_key", kind="original", storage_key=file.storage_key
    )


def files_of_report(report: Report) -> Iterator[Stored]:
    """The stored files of a report."""
    yield Stored(model=Report, row_id=report.id, column="pdf_key", kind="report", storage_key=report.pdf_key)
    yield Stored(model=Report, row_id=report.id, column="fhir_key", kind="reportfhir", storage_key=report.fhir_key)
