"""Temporary submissions: begun before registration, held together by a secret, gone after 72 hours.

Whatever is wrong (an id that never was, another secret, a submission that ended or was claimed by somebody else) looks
the same: ``NotFound``.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from cases.adapters.questionnaires import advice
from cases.db import atomic, now
from cases.domain.intake import questionnaire as rules
from cases.models import Submission, SubmissionFile
from cases.queries.sealed_contents import place
from cases.services.documents.uploads.uploads import inspected, safe_name, sha256_of
from cases.services.intake.answers import checked_answers, form_for
from cases.services.intake.questionnaires import known_condition
from cases.services.intake.submission_dto import Advised, OpenedSubmission, SubmissionDTO, SubmissionFileDTO
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, open_json, open_text, seal_json, seal_text, token_hash
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, NotFound, PreconditionFailed, TooLarge
from identity import services as identity

LIVES = timedelta(hours=72)
_NOTHING = token_hash("")


def open_submission() -> OpenedSubmission:
    """Begin one, for anybody."""
    secret, row_id = secrets.token_urlsafe(32), uuid7()
    key = identity.data_key(subject_id=row_id)
    with atomic():
        row = Submission(id=row_id, secret_hash=token_hash(secret), expires_at=now() + LIVES)
        row.told_sealed = seal_json(key, place("submission", "told", row_id), {"fields": {}, "answers": {}})
        row.save(force_insert=True)
        _note("submission.open", row_id)
    return OpenedSubmission(id=row_id, secret=secret, expires_at=row.expires_at)


def get_submission(*, submission_id: UUID, secret: str) -> SubmissionDTO:
    """What was prepared so far."""
    with atomic():
        row = held(submission_id, secret)
        _note("submission.read", row.id)
        return _dto(row, identity.data_key(subject_id=row.id))


def update_submission(
    *,
    submission_id: UUID,
    secret: str,
    fields: Mapping[str, Any],
    answers: Mapping[str, Any],
    expected_version: int | None = None,
) -> SubmissionDTO:
    """Keep the named fields and answers beside those given before (``None`` takes an answer back).

    ``PreconditionFailed`` when ``expected_version`` is no longer current.
    """
    with atomic():
        row = held(submission_id, secret, lock=True)
        if expected_version is not None and row.version != expected_version:
            raise PreconditionFailed("The submission changed in the meantime; read it again.")
        key = identity.data_key(subject_id=row.id)
        told = told_of(row, key)
        told["fields"] |= dict(fields)
        known_condition(told["fields"].get("condition") or "")
        told["answers"] = checked_answers(_form(told), told["answers"], answers)
        row.told_sealed, row.version = seal_json(key, place("submission", "told", row.id), told), row.version + 1
        row.save()
        _note("submission.update", row.id)
        return _dto(row, key)


def add_submission_file(
    *, submission_id: UUID, secret: str, name: str, declared_type: str, source: Path
) -> SubmissionFileDTO:
    """Inspect, seal and quarantine a file, as with a case's documents; it is read once it belongs to a case.

    ``Invalid`` for a file that cannot be taken, ``TooLarge``, ``Conflict`` for the same file twice or too many.
    """
    held(submission_id, secret)
    name = safe_name(name)
    media_type = inspected(source, name, declared_type)
    key, row_id = identity.data_key(subject_id=submission_id), uuid7()
    storage_key = sealed_files.store(key, "original", row_id, sealed_files.chunks_of(source))
    try:
        with atomic():
            row = held(submission_id, secret, lock=True)
            _room_for(row, source.stat().st_size)
            kept = SubmissionFile(id=row_id, submission=row, media_type=media_type, size=source.stat().st_size)
            kept.name_sealed = seal_text(key, place("submissionfile", "name", row_id), name)
            kept.sha256, kept.storage_key = sha256_of(source), storage_key
            kept.save(force_insert=True)
            sealed_files.keep(storage_key)
            _note("submission.upload", row.id)
    except IntegrityError as error:
        sealed_files.discard(storage_key)
        raise Conflict("This file is here already.", code="document_duplicate") from error
    except Exception:  # whatever went wrong, the row is not there, so the file must not be
        sealed_files.discard(storage_key)
        raise
    return _file(kept, key)


def _room_for(row: Submission, size: int) -> None:
    """What strangers may leave here is bounded."""
    most, bytes_most = setting("SUBMISSION_MAX_FILES"), setting("SUBMISSION_MAX_BYTES")
    sizes = list(row.files.values_list("size", flat=True))
    if len(sizes) >= most:
        raise Conflict(f"At most {most} files before you register.", code="too_many_documents")
    if sum(sizes) + size > bytes_most:
        advice = f"At most {bytes_most // 1024**2} MB before you register; add the others to your case."
        raise TooLarge(advice, code="submission_too_large", extra={"limit_bytes": bytes_most})


def held(submission_id: UUID, secret: str, *, lock: bool = False, claimed: bool = False) -> Submission:
    """The submission that the secret opens, as long as it lives; ``claimed``: also when it has become a case."""
    rows = Submission.objects.select_for_update() if lock else Submission.objects.all()
    row = rows.filter(id=submission_id, expires_at__gt=now()).first()
    right = hmac.compare_digest(bytes(row.secret_hash) if row else _NOTHING, token_hash(secret))
    if row is None or not right or (row.claimed_at is not None and not claimed):
        raise NotFound("There is no such submission for you.")
    return row


def told_of(row: Submission, key: DataKey) -> dict[str, Any]:
    """{fields, answers} of a submission that has not ended."""
    told: dict[str, Any] = open_json(key, place("submission", "told", row.id), row.told_sealed or b"")
    return told


def name_of(row: SubmissionFile, key: DataKey) -> str:
    """The file's name."""
    return open_text(key, place("submissionfile", "name", row.id), row.name_sealed)


def _form(told: Mapping[str, Any]) -> rules.Form:
    return form_for(told["fields"].get("condition") or "")


def _dto(row: Submission, key: DataKey) -> SubmissionDTO:
    told, wording = told_of(row, key), advice()
    language = told["fields"].get("language") or "en"
    flags = tuple(
        Advised(
            rule=flag.code, advice=flag.advice, advice_version=wording.version, text=wording.text(flag.advice, language)
        )
        for flag in rules.raised(_form(told), told["answers"])
    )
    kept = tuple(_file(one, key) for one in row.files.all())
    return SubmissionDTO(
        id=row.id,
        version=row.version,
        expires_at=row.expires_at,
        fields=told["fields"],
        answers=told["answers"],
        files=kept,
        red_flags=flags,
    )


def _file(row: SubmissionFile, key: DataKey) -> SubmissionFileDTO:
    return SubmissionFileDTO(
        id=row.id, name=name_of(row, key), media_type=row.media_type, size=row.size, sha256=row.sha256
    )


def _note(action: str, submission_id: UUID) -> None:
    record(context="cases", action=action, object_type="submission", object_id=submission_id)
