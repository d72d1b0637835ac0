"""The link of a request: made when its mail is written, takes files, opens nothing; and the reminders.

Whatever is wrong with a token (never made, ended, of a closed case) looks the same: ``NotFound``.
"""

import secrets
from pathlib import Path
from uuid import UUID

from cases.db import atomic, now
from cases.domain.workflow.reminders import LINK_LIVES, lapsed, next_reminder
from cases.domain.workflow.state_machines import RecordRequestState
from cases.domain.workflow.states import ENDED, State
from cases.events import RecordsRequested
from cases.models import Document, RecordLink, RecordRequest, RecordUpload
from cases.services.documents.uploads.uploads import sha256_of, upload_document
from cases.services.records.record_dto import RecordLetter, TakenRecord
from cases.services.records.record_requests import close, recipient_of
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import token_hash
from config.kernel.errors import Conflict, NotFound
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish
from identity import services as identity

# Of one request, so that a link that went astray does not use up the room of the case.
MAX_FILES = 20
_TAKING = (RecordRequestState.OPEN, RecordRequestState.RECEIVED)


def write_record_letter(*, request_id: UUID) -> RecordLetter | None:
    """Make a link for one mail; ``None`` when nobody waits for the records any more."""
    with atomic():
        row = RecordRequest.objects.select_related("case").filter(id=request_id, state=RecordRequestState.OPEN).first()
        if row is None or State(row.case.state) in ENDED:
            return None
        token = secrets.token_urlsafe(32)
        link = RecordLink.objects.create(request=row, token_hash=token_hash(token), expires_at=now() + LINK_LIVES)
        whom = recipient_of(row, identity.data_key(subject_id=row.case.patient_id))
        return RecordLetter(
            email=whom["email"],
            locale=row.case.language,
            token=token,
            expires_at=link.expires_at,
            reminder=row.reminders,
        )


def receive_record(*, token: str, name: str, declared_type: str, source: Path) -> TakenRecord:
    """Take a file by a link, as any document of the case: inspected, sealed, quarantined, read, matched to the patient.

    The sender learns its size and hash, and nothing of the case. The first file ends the reminders.
    """
    row = _request(token)
    if row.uploads.count() >= MAX_FILES:
        raise Conflict(f"This link takes at most {MAX_FILES} files; ask for a new one.", code="too_many_documents")
    patient = Principal(user_id=row.case.patient_id, roles=frozenset({"patient"}))
    try:
        taken = upload_document(
            principal=patient,
            case_id=row.case_id,
            name=name,
            declared_type=declared_type,
            source=source,
            along=lambda document: _answered(row, document),
        )
    except Conflict as refusal:
        if refusal.code != "document_duplicate":
            raise
        # Whether the case has the file already is nothing for the sender to know.
        return TakenRecord(size=source.stat().st_size, sha256=sha256_of(source))
    return TakenRecord(size=taken.size, sha256=taken.sha256)


def may_send_records(*, token: str) -> None:
    """``NotFound`` unless the token's link takes files; asked before a body is read."""
    _request(token)


def remind_of_records(run: JobRun) -> None:
    """The job: remind of what is due, each time once, and stop waiting when nothing came."""
    due = RecordRequest.objects.filter(state=RecordRequestState.OPEN, next_reminder_at__lte=now())
    for request_id in due.order_by("next_reminder_at").values_list("id", flat=True)[:500]:
        _remind(request_id)
    waiting = RecordRequest.objects.filter(state=RecordRequestState.OPEN, next_reminder_at=None).values_list(
        "id", "due_at"
    )[:500]
    for request_id in [found for found, due_at in waiting if lapsed(due_at, now())]:
        with atomic():
            row = RecordRequest.objects.select_for_update().filter(id=request_id, state=RecordRequestState.OPEN).first()
            if row is not None:
                close(row, RecordRequestState.LAPSED)


def _remind(request_id: UUID) -> None:
    with atomic():
        rows = RecordRequest.objects.select_for_update(of=("self",)).select_related("case")
        # Asked again under the lock: another scheduler may have been here in between.
        row = rows.filter(id=request_id, state=RecordRequestState.OPEN, next_reminder_at__lte=now()).first()
        if row is None:
            return
        if State(row.case.state) in ENDED:
            close(row, RecordRequestState.CANCELLED)
            return
        row.reminders, row.next_reminder_at = row.reminders + 1, next_reminder(row.due_at, now())
        row.version += 1
        row.save()
        publish(RecordsRequested(aggregate_id=row.case_id, request_id=row.id, reminder=row.reminders))


def _answered(row: RecordRequest, document: Document) -> None:
    """Note what came for the request, in one transaction with the document: no crash leaves one without the other."""
    # Not the patient's own: the request stands for whoever sent it.
    document.uploaded_by = row.id
    document.save(update_fields=["uploaded_by"])
    RecordUpload.objects.create(request=row, document_id=document.id)
    record(
        context="cases",
        action="record_request.upload",
        patient_id=row.case.patient_id,
        object_type="recordrequest",
        object_id=row.id,
    )
    open_one = RecordRequest.objects.select_for_update().filter(id=row.id, state=RecordRequestState.OPEN).first()
    if open_one is not None:
        close(open_one, RecordRequestState.RECEIVED)


def _request(token: str) -> RecordRequest:
    links = RecordLink.objects.select_related("request__case").filter(
        token_hash=token_hash(token), expires_at__gt=now()
    )
    link = links.first()
    if link is None or link.request.state not in _TAKING or State(link.request.case.state) in ENDED:
        raise NotFound("This link takes no files (any more). Ask for a new one.")
    return link.request
