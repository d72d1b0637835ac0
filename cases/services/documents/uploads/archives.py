"""ZIP archives and CDs of images: taken in whole, unpacked by a job, each file a document like any other."""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from cases.adapters.reading import Entry, ReadingFailed, Refused, is_archive, unpack_in_child
from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import ArchiveState
from cases.models import Archive, Document, ResumableUpload
from cases.queries.access import case_for
from cases.queries.sealed_contents import place
from cases.services.documents.queues import DOCUMENTS, heavy_of
from cases.services.documents.uploads.archive_dto import ADVICE, ArchiveDTO, ArchiveEntry
from cases.services.documents.uploads.resumable_uploads import PART_BYTES, begin_upload, own_upload, receive
from cases.services.documents.uploads.upload_parts import assembled, kept_parts
from cases.services.documents.uploads.uploads import may_add, upload_document
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.auth import Principal, acting_as
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, open_json, seal_json
from config.kernel.db import uuid7
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, TooLarge
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity

Counts = dict[str, Any]


def upload_archive(
    *,
    principal: Principal,
    case_id: UUID,
    name: str,
    declared_type: str,
    source: Path,
    imported: Counts | None = None,
) -> ArchiveDTO:
    """Keep a ZIP archive and queue its unpacking. ``Invalid`` for a file that is none; else as ``begin_upload``.

    ``imported`` are the counts of a record that it was made of.
    """
    may_add(principal, case_id)
    if not is_archive(source):
        advice = "This is no ZIP archive. Send single files to /api/v1/documents/upload."
        raise Invalid(advice, code="archive_wrong_type", errors=[FieldError("#/file", "wrong_type", advice)])
    length = source.stat().st_size
    begun = begin_upload(principal=principal, case_id=case_id, name=name, declared_type=declared_type, length=length)
    receive(principal=principal, upload_id=begun.id, offset=0, source=_parts(source), checksum=None)
    row = begin_archive(own_upload(principal, begun.id), imported)
    return get_archive(principal=principal, archive_id=row.id)


def begin_archive(upload: ResumableUpload, imported: Counts | None = None) -> Archive:
    """Queue the unpacking of an upload that came whole, once; its parts are kept until that is done."""
    counts = None
    if imported is not None:
        key = identity.data_key(subject_id=upload.patient_id)
        counts = seal_json(key, place("archive", "imported", upload.document_id), imported)
    with atomic():
        row, new = Archive.objects.get_or_create(
            id=upload.document_id,
            defaults={
                "case_id": upload.case_id,
                "patient_id": upload.patient_id,
                "uploaded_by": upload.uploaded_by,
                "size": upload.length,
                "imported_sealed": counts,
            },
        )
        ResumableUpload.objects.filter(id=upload.id).update(finished=True)
        if new:
            _note("archive.upload", row)
            enqueue(
                context="cases",
                kind="cases.unpack_archive",
                subject_id=row.id,
                queue=DOCUMENTS,
                concurrency_key=heavy_of(row.patient_id),
                share_of=row.patient_id,
                key=f"unpack:{row.id}",
            )
    return row


def get_archive(*, principal: Principal, archive_id: UUID) -> ArchiveDTO:
    """How far the unpacking is, and what became of each file. ``NotFound`` and ``Forbidden`` as for documents."""
    row = Archive.objects.filter(id=archive_id).first()
    _, relation = case_for(principal, row.case_id if row else None, what="archive")
    assert row is not None
    if not relation.may(Act.ADD_RECORDS):
        raise Forbidden("Only the patient and the assigned specialist see what they sent.", code="role_forbidden")
    with atomic():
        _note("archive.read", row)
        key = identity.data_key(subject_id=row.patient_id)
        entries, imported = _opened(row, key, "entries"), _opened(row, key, "imported")
    return ArchiveDTO(
        id=row.id,
        case_id=row.case_id,
        state=row.state,
        size=row.size,
        files=row.files,
        done=row.done,
        taken=row.taken,
        advice=row.advice,
        entries=tuple(ArchiveEntry(**entry) for entry in entries or ()),
        # An import of a former version did not say what it left out where.
        imported=None if imported is None else {"not_taken": [], **imported},
    )


def _opened(row: Archive, key: DataKey, name: str) -> Any:
    sealed = getattr(row, f"{name}_sealed")
    return None if sealed is None else open_json(key, place("archive", name, row.id), sealed)


def unpack_archive(run: JobRun) -> None:
    """The job: each file goes the way of every upload. Killed and run again, no document is doubled.

    It acts as whoever sent the archive: whose access has ended meanwhile adds nothing any more.
    """
    row = Archive.objects.filter(id=run.subject_id, state=ArchiveState.RECEIVED).first()
    upload = ResumableUpload.objects.filter(document_id=run.subject_id).first()
    if row is None:
        return
    if upload is None:
        refuse_archive(row.id)
        return
    key = identity.data_key(subject_id=row.patient_id)
    sender = Principal(user_id=row.uploaded_by, roles=identity.roles_for(user_id=row.uploaded_by))
    with tempfile.TemporaryDirectory(prefix="sop-archive-", dir=setting("WORK_DIR") or None) as folder:
        source = assembled(upload, key, Path(folder) / "source")
        try:
            found = unpack_in_child(source=source, workdir=Path(folder) / "files")
        except Refused as refusal:
            _finish(run, row, upload, key, (), advice=refusal.advice)
            return
        except ReadingFailed as failure:
            if failure.reason == "crashed" and run.tries < 3:
                raise
            _finish(run, row, upload, key, (), advice=ADVICE["unreadable"])
            return
        with acting_as(sender):
            told = tuple(_each(row, sender, found))
    _finish(run, row, upload, key, told)


def refuse_archive(archive_id: UUID) -> None:
    """Nobody waits for an archive whose unpacking was given up."""
    with atomic():
        advance_all(Archive.objects.filter(id=archive_id), ArchiveState.REFUSED, advice=ADVICE["unreadable"])


def _each(row: Archive, sender: Principal, found: tuple[Entry, ...]) -> Iterator[ArchiveEntry]:
    for number, (document_id, entry) in enumerate(zip(_planned(row, len(found)), found, strict=True), start=1):
        yield _taken(row, sender, document_id, entry)
        with atomic():
            Archive.objects.filter(id=row.id).update(done=number)


def _planned(row: Archive, count: int) -> tuple[UUID, ...]:
    if not row.planned:
        row.planned = [str(uuid7()) for _ in range(count)]
        with atomic():
            Archive.objects.filter(id=row.id).update(planned=row.planned, files=count)
    return tuple(map(UUID, row.planned))


def _taken(row: Archive, sender: Principal, document_id: UUID, entry: Entry) -> ArchiveEntry:
    if entry.file is None:
        advice = ADVICE.get(entry.why, ADVICE["unreadable"])
        return ArchiveEntry(
            path=entry.path,
            outcome="SKIPPED" if entry.why == "directory" else "REFUSED",
            document_id=None,
            advice=advice,
        )
    if Document.objects.filter(id=document_id).exists():
        # An earlier try took it in before it was killed.
        return ArchiveEntry(path=entry.path, outcome="TAKEN", document_id=document_id, advice="")
    try:
        upload_document(
            principal=sender, case_id=row.case_id, name=entry.path, declared_type="", source=entry.file,
            row_id=document_id,
        )  # fmt: skip
    except (Conflict, Invalid, TooLarge, NotFound, Forbidden) as refusal:
        there = refusal.extra.get("document_id")
        outcome = "DUPLICATE" if refusal.code == "document_duplicate" else "REFUSED"
        return ArchiveEntry(
            path=entry.path, outcome=outcome, document_id=UUID(there) if there else None, advice=refusal.detail
        )
    finally:
        # So that of what lies open on the disk less and less is left.
        entry.file.unlink()
    return ArchiveEntry(path=entry.path, outcome="TAKEN", document_id=document_id, advice="")


def _finish(
    run: JobRun, row: Archive, upload: ResumableUpload, key: DataKey, told: tuple[ArchiveEntry, ...], advice: str = ""
) -> None:
    entries = [asdict(entry) | {"document_id": str(entry.document_id or "") or None} for entry in told]
    taken = sum(entry.outcome == "TAKEN" for entry in told)
    with atomic():
        advance(
            row,
            ArchiveState.REFUSED if advice else ArchiveState.UNPACKED,
            advice=advice[:300],
            files=len(told),
            done=len(told),
            taken=taken,
            planned=[],
            entries_sealed=seal_json(key, place("archive", "entries", row.id), entries),
        )
        kept_parts(upload, discard=True)
        _note("archive.unpack", row, files=len(told), taken=taken)
        run.complete()


def _parts(source: Path) -> Iterator[bytes]:
    waiting = b""
    for chunk in sealed_files.chunks_of(source):
        waiting += chunk
        if len(waiting) >= PART_BYTES:
            yield waiting
            waiting = b""
    if waiting:
        yield waiting


def _note(action: str, row: Archive, **detail: int) -> None:
    record(
        context="cases", action=action, patient_id=row.patient_id, object_type="archive", object_id=row.id,
        detail=detail,
    )  # fmt: skip
