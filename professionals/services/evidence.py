"""Documents that prove a licence or credential: taken in by the safety steps of documents, confirmed by two people."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, Place, open_text, seal_text
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, FieldError, Invalid, NotFound, TooLarge
from config.kernel.jobs import enqueue
from config.kernel.ports import INSPECT_FILE
from identity import services as identity
from professionals.db import atomic
from professionals.domain.credentials import EvidenceState
from professionals.models import Evidence, Professional
from professionals.services.evidence_jobs import TABLE

MAX_FILES = 40


@dataclass(frozen=True, kw_only=True)
class EvidenceDTO:
    """A document without its bytes. ``says`` is what the first of two people wrote; ``advice`` why it was rejected."""

    id: UUID
    licence_id: UUID | None
    credential_id: UUID | None
    name: str
    media_type: str
    size: int
    state: str
    advice: str
    pages: int | None
    says: str
    uploaded_at: datetime
    decided_at: datetime | None


def add_evidence(
    *,
    principal: Principal,
    professional_id: UUID,
    name: str,
    declared_type: str,
    source: Path,
    licence_id: UUID | None = None,
    credential_id: UUID | None = None,
) -> EvidenceDTO:
    """Store the file at ``source`` with one licence or credential of one's own; returns it in QUARANTINED.

    ``Invalid`` or ``TooLarge`` with what to do for a file that cannot be taken, ``Conflict`` for one that is there.
    """
    if (licence_id is None) == (credential_id is None):
        raise _invalid("licence_id", "Name one of: licence_id, credential_id.")
    size, most = source.stat().st_size, setting("CREDENTIAL_FILE_MAX_BYTES")
    if size > most:
        raise TooLarge(f"A document may have at most {most // 1024**2} MB; scan it at 200 dpi.", code="file_too_large")
    cleaned, media_type = INSPECT_FILE.ask(source=source, name=name, declared_type=declared_type)
    content = source.read_bytes()
    try:
        with atomic():
            row = _own(principal, professional_id)
            if Evidence.objects.filter(professional=row).count() >= MAX_FILES:
                raise Conflict(f"A profile holds at most {MAX_FILES} documents.", code="too_many_documents")
            if not _has(row, licence_id, credential_id):
                raise NotFound("There is no such licence or credential of yours.")
            key, fresh = identity.data_key(subject_id=row.user_id), uuid7()
            made = Evidence.objects.create(
                id=fresh,
                professional=row,
                licence_id=licence_id,
                credential_id=credential_id,
                uploaded_by=principal.require_user_id(),
                name_sealed=seal_text(key, Place(TABLE, "name", fresh), cleaned),
                content_sealed=seal_text(key, Place(TABLE, "content", fresh), base64.b64encode(content).decode()),
                media_type=media_type,
                size=size,
                sha256=hashlib.sha256(content).hexdigest(),
            )
            _note("evidence.add", made)
            enqueue(
                context="professionals",
                kind="professionals.read_evidence",
                subject_id=fresh,
                queue="documents",
                concurrency_key="heavy",
                share_of=row.user_id,
            )
    except IntegrityError as error:
        raise Conflict("This very file is there already.", code="document_duplicate") from error
    return _dto(made, key)


def list_evidence(*, principal: Principal, professional_id: UUID) -> tuple[EvidenceDTO, ...]:
    """One's own, or (administrators) anybody's; newest first."""
    with atomic():
        row = _visible(principal, professional_id)
        key = identity.data_key(subject_id=row.user_id)
        record(context="professionals", action="evidence.list", object_type="professional", object_id=row.id)
        rows = Evidence.objects.filter(professional=row).defer("content_sealed").order_by("-id")
        return tuple(_dto(one, key) for one in rows)


def evidence_file(*, principal: Principal, professional_id: UUID, evidence_id: UUID) -> tuple[EvidenceDTO, bytes]:
    """The document's bytes, once it was read and nothing was wrong with it."""
    with atomic():
        row = _visible(principal, professional_id)
        held = Evidence.objects.filter(professional=row, id=evidence_id).first()
        if held is None:
            raise NotFound("There is no such document.")
        if held.state in (EvidenceState.QUARANTINED, EvidenceState.REJECTED):
            raise Conflict(held.advice or "The document is still being checked.", code="document_not_cleared")
        _note("evidence.read", held)
    key = identity.data_key(subject_id=row.user_id)
    return _dto(held, key), base64.b64decode(open_text(key, Place(TABLE, "content", held.id), held.content_sealed))


def _has(row: Professional, licence_id: UUID | None, credential_id: UUID | None) -> bool:
    if licence_id is not None:
        return row.licences.filter(id=licence_id).exists()
    return credential_id is not None and row.credentials.filter(id=credential_id).exists()


def _own(principal: Principal, professional_id: UUID) -> Professional:
    row = Professional.objects.select_for_update().filter(id=professional_id).first()
    if row is None or row.user_id != principal.user_id:
        raise NotFound("There is no such profile of yours.")
    return row


def _visible(principal: Principal, professional_id: UUID) -> Professional:
    row = Professional.objects.filter(id=professional_id).first()
    if row is None or (principal.user_id != row.user_id and not principal.has("administrator")):
        raise NotFound("There is no such profile for you.")
    return row


def _dto(row: Evidence, key: DataKey) -> EvidenceDTO:
    name = open_text(key, Place(TABLE, "name", row.id), row.name_sealed)
    return EvidenceDTO(
        id=row.id, licence_id=row.licence_id, credential_id=row.credential_id, name=name, media_type=row.media_type,
        size=row.size, state=row.state, advice=row.advice, pages=row.pages, says=row.says, uploaded_at=row.created_at,
        decided_at=row.decided_at,
    )  # fmt: skip


def _invalid(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])


def _note(action: str, row: Evidence) -> None:
    record(context="professionals", action=action, object_type="evidence", object_id=row.id)
