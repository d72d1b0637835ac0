"""Documents that a newer reader read again: how that ended, and what staff say of those that look like another's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import DocumentState, RereadingState
from cases.events import DocumentReread
from cases.models import Case, Document, Rereading
from cases.queries.access import NOBODY, case_for
from cases.queries.sealed_contents import place
from cases.services.index import index_documents
from cases.services.workflow.rechecks import ANOTHER_PERSON, doubt_report
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import is_second_person
from config.kernel.crypto import open_json, seal_json
from config.kernel.db.rows import row_by_id
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden, Invalid
from config.kernel.jobs import enqueue
from config.kernel.outbox import publish
from identity import services as identity

_NOT_YOURS = "Read again by a newer program, this document turned out to be about another person."


@dataclass(frozen=True, kw_only=True)
class RereadingDTO:
    """``state`` is WAITING, DONE, ASKED (whose document is it?), UPHELD, REFUSED, KEPT or DROPPED.

    KEPT: it could not be read again, for the ``reason``, and the former reading stays. ``doubts`` (name, birth_date,
    sex, record_number, side) and ``identity_match`` are what the newer reader thinks of whose document it is;
    ``confirmations`` counts those who said that it is the patient's all the same.
    """

    id: UUID
    document_id: UUID
    state: str
    reason: str
    former_version: int
    reader_version: int
    identity_match: str
    doubts: tuple[str, ...]
    confirmations: int
    queued_at: datetime
    finished_at: datetime | None


def list_rereadings(*, principal: Principal, case_id: UUID) -> tuple[RereadingDTO, ...]:
    """The newest re-reading of each document of a case; for its specialist and for staff."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not (relation.may(Act.STEER) or relation.may(Act.WRITE_OPINION)):
            raise Forbidden("This is for the case's specialist and for staff.", code="role_forbidden")
        record(
            context="cases",
            action="document.rereadings",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        rows = Rereading.objects.filter(document__case=case).order_by("document_id", "-id").distinct("document_id")
        return tuple(_dto(row) for row in rows)


def answer_rereading(*, principal: Principal, rereading_id: UUID, belongs: bool, reason: str = "") -> RereadingDTO:
    """Say whose an accepted document is that looks like another's when it is read again; a coordinator does.

    Where something speaks against the patient, two different coordinators say that it is theirs, each with a reason.
    One is enough to refuse it: then nobody works with it any more, and a signed report goes to the medical director.
    """
    with atomic():
        row = Rereading.objects.select_for_update(of=("self",)).filter(id=rereading_id).first()
        document = row_by_id(Document, row.document_id if row else NOBODY, lock=True)
        case, relation = case_for(principal, document.case_id if document else None, lock=True, what="document")
        if not relation.may(Act.STEER) or not principal.has("coordinator"):
            raise Forbidden("A coordinator decides this.", code="role_forbidden")
        assert row is not None
        assert document is not None
        if row.state != RereadingState.ASKED:
            raise Conflict("Nobody is asked about this document.", code="document_not_in_doubt")
        if not belongs:
            _refuse(row, document, case, principal)
        elif _confirmed(row, principal, reason.strip()):
            advance(row, RereadingState.UPHELD, settled_by=principal.user_id)
            document.confirmed_by, document.version = principal.user_id, document.version + 1
            document.doubts, document.identity_match = row.doubts, row.identity_match
            document.save(update_fields=["confirmed_by", "doubts", "identity_match", "version", "updated_at"])
        _note(row, document)
        return _dto(row)


def _confirmed(row: Rereading, principal: Principal, reason: str) -> bool:
    """Whether that is enough: one person where nothing speaks against the patient, else a second one."""
    if not row.doubts:
        return True
    if not reason:
        raise Invalid("Say why this is the patient's document after all.", code="reason_missing")
    if not is_second_person(principal.user_id, not_one_of=(row.begun_by,)):
        raise Conflict("You said so already; a second person must do so too.", code="second_person_needed")
    key, where = identity.data_key(subject_id=row.patient_id), place("rereading", "reasons", row.id)
    reasons = open_json(key, where, row.reasons_sealed) if row.reasons_sealed else []
    row.reasons_sealed = seal_json(key, where, [*reasons, {"by": str(principal.user_id), "why": reason}])
    first = row.begun_by is None
    row.begun_by = row.begun_by or principal.user_id
    row.save(update_fields=["reasons_sealed", "begun_by", "updated_at"])
    return not first


def _refuse(row: Rereading, document: Document, case: Case, principal: Principal) -> None:
    advance(row, RereadingState.REFUSED, settled_by=principal.user_id)
    advance(document, DocumentState.REJECTED, advice=_NOT_YOURS, version=document.version + 1)
    index_documents(case, identity.data_key(subject_id=case.patient_id))
    doubt_report(case, document.id, ANOTHER_PERSON)
    publish(
        DocumentReread(
            aggregate_id=case.id,
            document_id=document.id,
            patient_id=document.patient_id,
            state=DocumentState(document.state),
        )
    )
    enqueue(context="cases", kind="cases.advance", subject_id=case.id)


def _note(row: Rereading, document: Document) -> None:
    record(
        context="cases",
        action="document.settle_rereading",
        patient_id=row.patient_id,
        object_type="document",
        object_id=document.id,
        detail={"state": row.state, "doubts": row.doubts},
    )


def _dto(row: Rereading) -> RereadingDTO:
    return RereadingDTO(
        id=row.id,
        document_id=row.document_id,
        state=row.state,
        reason=row.reason,
        former_version=row.former_version,
        reader_version=row.reader_version,
        identity_match=row.identity_match,
        doubts=tuple(filter(None, row.doubts.split(","))),
        confirmations=sum(who is not None for who in {row.begun_by, row.settled_by})
        if row.state != RereadingState.REFUSED
        else 0,
        queued_at=row.created_at,
        finished_at=row.finished_at,
    )
