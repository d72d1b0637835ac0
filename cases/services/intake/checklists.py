"""Which records a case has, lacks or does without; and what the opinion says of those that nobody saw."""

from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.intake import checklist as rules
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Case, ChecklistItem, Document
from cases.queries.access import case_for
from cases.queries.proxies import UPLOAD
from cases.queries.sealed_contents import place
from cases.services.intake.checklist_dto import ChecklistDTO, ChecklistItemDTO
from cases.services.intake.content_editions import checklist_in_use
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.db import uuid7
from config.kernel.db.rows import insert_rows
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.jobs import enqueue
from identity import services as identity

PRESENT, MISSING, WAIVED = "present", "missing", "waived"


def write_checklist(case: Case, key: DataKey, *, present: bool) -> None:
    """The items of the case's condition; ``present``: whether it has a readable record. Inside ``atomic()``."""
    rows = []
    for item in _expected(case):
        row = ChecklistItem(id=uuid7(), case=case, code=item.code, required=item.required, importance=item.importance)
        row.why, row.could_change = item.why, item.could_change
        row.present = present and item.code == rules.ANY_RECORD
        row.title_sealed = seal_text(key, place("checklistitem", "title", row.id), item.title)
        rows.append(row)
    insert_rows(rows)


def has_record(case: Case) -> bool:
    """Whether the case has a readable record."""
    return Document.objects.filter(case=case, state=DocumentState.ACCEPTED).exclude(verdict="failed").exists()


def get_checklist(*, principal: Principal, case_id: UUID) -> ChecklistDTO:
    """The records of a case: for the patient, the assigned specialist and staff, who gather them.

    Of a draft, those that its condition will ask for when it is sent in.
    """
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.SEE_CHECKLIST):
            raise Forbidden("The checklist is for the patient, the specialist and staff.", code="role_forbidden")
        record(
            context="cases", action="checklist.read", patient_id=case.patient_id, object_type="case", object_id=case.id
        )
        return _dto(case, identity.data_key(subject_id=case.patient_id))


def name_document(*, principal: Principal, case_id: UUID, code: str, document_id: UUID) -> ChecklistDTO:
    """Say that an accepted document of the case is the record ``code``: the patient's word, or a coordinator's.

    ``Conflict`` while the document is not accepted, or when the record is there already.
    """
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=UPLOAD)
        if not (relation.may(Act.ADD_RECORDS) or principal.has("coordinator", "nurse")):
            raise Forbidden("The patient, the specialist or a coordinator says this.", code="role_forbidden")
        item = ChecklistItem.objects.filter(case=case, code=code).first()
        document = Document.objects.filter(case=case, id=document_id).first()
        if item is None or document is None:
            raise NotFound("There is no such record or document in this case for you.")
        if item.present:
            raise Conflict("This record is there already.", code="record_present")
        if document.state != DocumentState.ACCEPTED or document.verdict == "failed":
            raise Conflict("Only a document that was read and accepted is a record.", code="document_not_accepted")
        item.present, item.document_id, item.waived_by, item.waiver_reason = True, document.id, None, ""
        item.save()
        record(
            context="cases", action="checklist.present", patient_id=case.patient_id, object_type="case",
            object_id=case.id, detail={"code": code},
        )  # fmt: skip
        enqueue(context="cases", kind="cases.advance", subject_id=case.id)
        return _dto(case, identity.data_key(subject_id=case.patient_id))


def not_seen(case: Case, key: DataKey, content: dict[str, Any]) -> list[dict[str, str]]:
    """What the opinion was written without: {label, could_change}, by weight.

    What the author named comes first; then every record of the checklist that is missing or was waived. Where nobody
    has said what a record could change, the text says so.
    """
    found = [
        {"label": str(one.get("name", "")), "could_change": str(one.get("could_change", ""))}
        for one in content.get("documents_not_seen") or ()
    ]
    named = {one["label"].casefold() for one in found}
    for row in ChecklistItem.objects.filter(case=case, present=False).order_by("-required", "-importance", "id"):
        label = open_text(key, place("checklistitem", "title", row.id), row.title_sealed)
        if label.casefold() not in named:
            found.append({"label": label, "could_change": _told_effect(row, key)})
    return found


def _effect(row: ChecklistItem, key: DataKey) -> str:
    sealed = row.could_change_sealed
    return open_text(key, place("checklistitem", "could_change", row.id), sealed) if sealed else row.could_change


def _told_effect(row: ChecklistItem, key: DataKey) -> str:
    effect = _effect(row, key) or "Not assessed."
    return f"{effect} The case went on without it: {row.waiver_reason}" if row.waived_by else effect


def _dto(case: Case, key: DataKey) -> ChecklistDTO:
    rows = list(ChecklistItem.objects.filter(case=case).order_by("-required", "-importance", "id"))
    named = [row.document_id for row in rows if row.document_id]
    kept = Document.objects.filter(case=case, state=DocumentState.ACCEPTED).exclude(id__in=named).exclude(kind="")
    kinds = list(kept.order_by("-id").values_list("id", "kind")[:200])
    items = tuple(_item(row, key, kinds) for row in rows) or _ahead(case)
    missing = [item for item in items if item.state == MISSING]
    first = rules.matters_most((item.code, item.required, item.importance) for item in missing)
    most = next((item for item in missing if item.code == first), None)
    return ChecklistDTO(
        case_id=case.id,
        complete=bool(items) and not any(item.required for item in missing),
        matters_most=most,
        items=items,
    )


def _expected(case: Case) -> tuple[rules.Required, ...]:
    return checklist_in_use(case.condition)


def _ahead(case: Case) -> tuple[ChecklistItemDTO, ...]:
    """What will be asked for, in the same order as what is."""
    there = has_record(case)
    expected = sorted(_expected(case), key=lambda item: (not item.required, -item.importance))
    return tuple(
        ChecklistItemDTO(
            code=item.code, title=item.title, required=item.required, importance=item.importance,
            state=PRESENT if there and item.code == rules.ANY_RECORD else MISSING,
            why=item.why, could_change=item.could_change, waived_by=None, reason="", document_id=None, could_be=None,
        )
        for item in expected
    )  # fmt: skip


def _item(row: ChecklistItem, key: DataKey, kinds: list[tuple[UUID, str]]) -> ChecklistItemDTO:
    missing = not row.present and row.waived_by is None
    return ChecklistItemDTO(
        code=row.code,
        title=open_text(key, place("checklistitem", "title", row.id), row.title_sealed),
        required=row.required,
        importance=row.importance,
        state=PRESENT if row.present else WAIVED if row.waived_by else MISSING,
        why=row.why,
        could_change=_effect(row, key),
        waived_by=row.waived_by,
        reason=row.waiver_reason,
        document_id=row.document_id,
        could_be=next((found for found, kind in kinds if missing and rules.fits(row.code, kind)), None),
    )
