"""A copy of everything that is held about a person: asked for, made by a job, fetched once by a link of a minute."""

import hashlib
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import product
from typing import IO, Any
from uuid import UUID

import orjson
from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.freshness import fresh_second_factor
from config.kernel.crypto import token_hash
from config.kernel.db import context_labels
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict, NotFound
from config.kernel.jobs import enqueue
from config.kernel.privacy import EXPORT_PARTS, ExportPart
from identity.adapters import export_files
from identity.db import atomic, now
from identity.domain.state_machines import ExportState
from identity.models import Export
from identity.queries import merged_aliases
from identity.services.keys.data_keys import data_key
from identity.services.privacy.privacy_dto import ExportDTO

JOB = "identity.build_export"
KEPT = timedelta(days=7)
LINK_LIFETIME = timedelta(seconds=60)
FORMAT = "second-opinion-export/1"
_CHUNK = 256 * 1024


def request_export(*, principal: Principal, user_id: UUID) -> ExportDTO:
    """Ask for one's own copy; ``Conflict`` while another one is being made. Needs a fresh proof of who asks."""
    _require_own(principal, user_id)
    fresh_second_factor(principal)
    try:
        with atomic():
            row = Export.objects.create(user_id=user_id)
            enqueue(context="identity", kind=JOB, subject_id=row.id, queue="bulk")
            _note("export.request", row)
    except IntegrityError as error:
        raise Conflict("A copy is being made already; wait for it.", code="export_at_work") from error
    return _dto(row)


def get_export(*, principal: Principal, user_id: UUID, export_id: UUID) -> ExportDTO:
    """How far it is."""
    return _dto(_own(principal, user_id, export_id))


def export_link(*, principal: Principal, user_id: UUID, export_id: UUID) -> str:
    """A secret that fetches the archive once, within a minute, for this account only."""
    with atomic():
        row = _own(principal, user_id, export_id)
        if row.state != ExportState.READY:
            raise Conflict("The copy is not ready (any more); see its state.", code="export_not_ready")
        secret = secrets.token_urlsafe(32)
        row.link_hash, row.link_expires_at = token_hash(secret), now() + LINK_LIFETIME
        row.save(update_fields=["link_hash", "link_expires_at", "updated_at"])
        _note("export.link", row)
    return secret


def fetch_export(*, principal: Principal, secret: str) -> tuple[ExportDTO, Iterator[bytes]]:
    """The archive's bytes. ``NotFound`` for a wrong, used or late link, and for everybody else's."""
    with atomic():
        taken = Export.objects.filter(
            link_hash=token_hash(secret),
            user_id=principal.require_user_id(),
            link_expires_at__gt=now(),
            state=ExportState.READY,
        )
        row = taken.select_for_update().first()
        if row is None:
            raise NotFound("This link has ended or was used; ask for a new one.")
        row.link_hash = None
        row.save(update_fields=["link_hash", "updated_at"])
        _note("export.download", row)
        key = data_key(subject_id=row.user_id)
    return _dto(row), export_files.chunks(key, row.id)


def build_export(*, export_id: UUID) -> None:
    """Make the archive: every context's tables and files, and a manifest with the SHA-256 of each file."""
    row = Export.objects.select_related("user").get(id=export_id)
    if row.state not in (ExportState.QUEUED, ExportState.RUNNING):
        return
    advance(row, ExportState.RUNNING, progress=1)
    with tempfile.TemporaryFile() as archive:
        _write(
            archive,
            (row.user_id, *merged_aliases(row.user_id)),
            lambda share: _show_progress(export_id, max(1, int(share * 95))),
        )
        size, digest = _measure(archive)
        archive.seek(0)
        export_files.put(data_key(subject_id=row.user_id), row.id, _chunks(archive))
    with atomic():
        done = {"size": size, "sha256": digest, "finished_at": now(), "expires_at": now() + KEPT}
        ready = advance_all(Export.objects.filter(id=export_id), ExportState.READY, progress=100, **done)
        if ready:
            _note("export.ready", row)
    if not ready:
        # It was given up, or erased with its person, while this try was still at work: nobody may fetch it.
        export_files.delete(export_id)


def export_failed(*, export_id: UUID) -> None:
    """The job gave up: the person sees it, and may ask again."""
    advance_all(Export.objects.filter(id=export_id), ExportState.FAILED)


def forget_exports() -> None:
    """Delete archives whose week is over."""
    for row in Export.objects.filter(state=ExportState.READY, expires_at__lt=now()):
        export_files.delete(row.id)
        advance_all(Export.objects.filter(id=row.id), ExportState.EXPIRED)


def _write(archive: IO[bytes], people: Sequence[UUID], progress: Callable[[float], None]) -> None:
    """The first of ``people`` at the top; each account that was joined with it in a folder of its own."""
    makers, manifest = EXPORT_PARTS.each(), list[dict[str, Any]]()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for number, (user_id, parts) in enumerate(product(people, makers), 1):
            folder = "" if user_id == people[0] else f"joined/{user_id}/"
            for part in parts(user_id, data_key(subject_id=user_id)):
                manifest.append(_add(target, part, folder))
            progress(number / (len(makers) * len(people)))
        head = {"format": FORMAT, "made_at": now(), "contexts": sorted(context_labels()), "files": manifest}
        target.writestr("manifest.json", orjson.dumps(head, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z))


def _add(target: zipfile.ZipFile, part: ExportPart, folder: str) -> dict[str, Any]:
    digest, size, path = hashlib.sha256(), 0, f"{folder}{part.path}"
    with target.open(path, "w", force_zip64=True) as file:
        for chunk in part.chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"path": path, "bytes": size, "sha256": digest.hexdigest()}


def _measure(archive: IO[bytes]) -> tuple[int, str]:
    archive.seek(0)
    digest = hashlib.sha256()
    for chunk in _chunks(archive):
        digest.update(chunk)
    return archive.tell(), digest.hexdigest()


def _chunks(file: IO[bytes]) -> Iterable[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _show_progress(export_id: UUID, progress: int) -> None:
    Export.objects.filter(id=export_id).update(updated_at=now(), progress=progress)


def _own(principal: Principal, user_id: UUID, export_id: UUID) -> Export:
    _require_own(principal, user_id)
    row = Export.objects.filter(id=export_id, user_id=user_id).first()
    if row is None:
        raise NotFound("There is no such copy of yours.")
    return row


def _require_own(principal: Principal, user_id: UUID) -> None:
    if principal.require_user_id() != user_id:
        raise NotFound("There is no such account for you.")


def _note(action: str, row: Export) -> None:
    record(context="identity", action=action, patient_id=row.user_id, object_type="export", object_id=row.id)


def _dto(row: Export) -> ExportDTO:
    return ExportDTO(
        id=row.id,
        user_id=row.user_id,
        state=row.state,
        progress=row.progress,
        size=row.size,
        sha256=row.sha256,
        requested_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
    )
