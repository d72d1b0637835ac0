"""First read, draft, submission, signature, and reading of the opinion."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.opinion import opinion_content as rules
from cases.domain.workflow.state_machines import SIGNED_OPINIONS, DocumentState, OpinionState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.events import FirstReadSealed
from cases.models import Case, Document, FirstRead, Opinion
from cases.queries.access import case_for, first_read_is_sealed, person_id
from cases.queries.sealed_contents import place
from cases.services.documents.reading_counts import reading_counts
from cases.services.intake.checklists import not_seen
from cases.services.opinion.dto import OpinionDTO
from cases.services.opinion.report_content import require_deliverable
from cases.services.workflow.guard_facts import CaseFacts
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import SYSTEM, Principal
from config.kernel.crypto import open_json, seal_json
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, PreconditionFailed
from config.kernel.outbox import publish
from config.kernel.ports import CASE_FINDINGS
from identity import services as identity
from professionals import services as professionals


def seal_first_read(*, principal: Principal, case_id: UUID, impression: str, confidence: int) -> None:
    """Store the specialist's own impression, once and for good, before machine output is shown."""
    if not impression.strip() or not 0 <= confidence <= 100:
        advice = "Write your impression, and a confidence from 0 to 100."
        raise Invalid(advice, errors=[FieldError("#/impression", "required", advice)])
    with atomic():
        case = _assigned(principal, case_id, lock=True)
        if first_read_is_sealed(case):
            raise Conflict("Your first read is sealed; it cannot be changed.", code="first_read_sealed")
        row = FirstRead(case=case, user_id=person_id(principal))
        content = {"impression": impression, "confidence": confidence}
        key = identity.data_key(subject_id=case.patient_id)
        row.content_sealed = seal_json(key, place("firstread", "content", row.id), content)
        row.save(force_insert=True)
        _note("first_read.seal", case)
        publish(FirstReadSealed(aggregate_id=case.id, user_id=row.user_id))


def save_draft(
    *,
    principal: Principal,
    case_id: UUID,
    content: Mapping[str, Any],
    expected_version: int | None = None,
    begins: bool = True,
) -> OpinionDTO:
    """Autosave: merge ``content`` into the open version. An edit of an approved version voids the approval.

    ``PreconditionFailed`` when ``expected_version`` is no longer current, and where there is no open version and
    this one ``begins`` none.
    """
    with atomic():
        case = _assigned(principal, case_id, lock=True)
        if case.state == State.READY_TO_SIGN:
            move_case(principal=principal, case_id=case_id, to=Transition.VOID_APPROVAL)
        elif case.state not in (State.IN_REVIEW, State.CLARIFICATION, State.AMENDING):
            raise Conflict("The opinion is written while the case is in review.", code="case_not_in_review")
        row = _open_version(case, principal, begins=begins)
        if expected_version is not None and row.version != expected_version:
            raise PreconditionFailed("The draft was changed elsewhere; read it before you go on.")
        key = identity.data_key(subject_id=case.patient_id)
        where = place("opinion", "content", row.id)
        merged = open_json(key, where, row.content_sealed) | dict(content)
        row.content_sealed, row.version = seal_json(key, where, merged), row.version + 1
        row.save()
        _note("opinion.save", case)
    return opinion_dto(row, case, merged)


def get_draft(*, principal: Principal, case_id: UUID) -> OpinionDTO:
    """The version that is being written; for its author only."""
    with atomic():
        case, relation = case_for(principal, case_id)
        row = Opinion.objects.filter(case=case).order_by("-number").first() if relation.may(Act.WRITE_OPINION) else None
        if row is None or row.state in SIGNED_OPINIONS:
            raise NotFound("There is no draft of yours.")
        _note("opinion.read_draft", case)
        return opinion_dto(row, case)


def submit_opinion(*, principal: Principal, case_id: UUID) -> OpinionDTO:
    """Finish the draft: freeze what it says, with the machine findings and what was done to each."""
    with atomic():
        case = _assigned(principal, case_id, lock=True)
        if case.state not in (State.IN_REVIEW, State.AMENDING):
            raise Conflict("The opinion is finished while the case is in review.", code="case_not_in_review")
        row = _open_version(case, principal)
        key = identity.data_key(subject_id=case.patient_id)
        content = finished_content(row, case)
        row.content_sealed = seal_json(key, place("opinion", "content", row.id), content)
        row.content_hash = rules.content_hash(content)
        row.save()
        if case.state == State.AMENDING:
            # The guard of the step asks for a version that is finished.
            advance(row, OpinionState.SUBMITTED)
        move_case(principal=principal, case_id=case_id, to=_finishing_step(case))
        require_deliverable(case, row, content)
        row.refresh_from_db()
    return opinion_dto(row, case, content)


def sign_opinion(*, principal: Principal, case_id: UUID, content_hash: str) -> OpinionDTO:
    """Sign the approved version: fresh second factor, licence valid now, and the very content that was read."""
    with atomic():
        _assigned(principal, case_id, lock=True)
        case = move_case(principal=principal, case_id=case_id, to=Transition.SIGN, data={"content_hash": content_hash})
        row = Opinion.objects.filter(case=case, state=OpinionState.SIGNED).get()
        return opinion_dto(row, case)


def refuse_change(*, principal: Principal, case_id: UUID) -> None:
    """What a signed opinion answers to a change in place: never, a correction is a new version."""
    _assigned(principal, case_id)
    raise Conflict(
        "A signed opinion is not changed. Move the case to AMENDING and write a new version.", code="opinion_signed"
    )


def get_opinion(*, principal: Principal, case_id: UUID) -> OpinionDTO:
    """The signed opinion: for its author, and for the patient once it was delivered."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.READ_OPINION):
            raise Forbidden("The opinion is for the patient and the specialist.", code="role_forbidden")
        rows = Opinion.objects.filter(case=case, state=OpinionState.SIGNED)
        if relation.may(Act.SPEAK_FOR_PATIENT):
            # A new version counts once it is delivered; until then the one before it does.
            rows = Opinion.objects.filter(case=case, state__in=SIGNED_OPINIONS)
            rows = rows.exclude(report__delivered_at=None)
        row = rows.order_by("-number").first()
        if row is None:
            raise NotFound("There is no signed opinion yet.")
        _note("opinion.read", case)
        return opinion_dto(row, case)


def _assigned(principal: Principal, case_id: UUID, *, lock: bool = False) -> Case:
    case, relation = case_for(principal, case_id, lock=lock)
    if not relation.may(Act.WRITE_OPINION):
        raise Forbidden("Only the assigned specialist does this.", code="role_forbidden")
    return case


def _open_version(case: Case, principal: Principal, *, begins: bool = True) -> Opinion:
    row = Opinion.objects.select_for_update().filter(case=case).order_by("-number").first()
    if row is not None and row.author_id == principal.user_id and row.state not in SIGNED_OPINIONS:
        return row
    if not begins:
        raise PreconditionFailed('There is no draft of yours yet; begin it with If-Match: "1".')
    author = principal.user_id
    professional = professionals.get_by_user(user_id=author) if author else None
    if author is None or professional is None:
        raise Forbidden("Only a specialist writes an opinion.", code="role_forbidden")
    fresh = Opinion(case=case, number=row.number + 1 if row else 1, author_id=author, professional_id=professional.id)
    key = identity.data_key(subject_id=case.patient_id)
    # An amendment starts from what was signed.
    begun = _content(row, case) if row is not None else {}
    fresh.content_sealed = seal_json(key, place("opinion", "content", fresh.id), begun)
    fresh.save(force_insert=True)
    return fresh


def finished_content(row: Opinion, case: Case) -> dict[str, Any]:
    """A version's content with what is frozen at submission: machine findings, documents relied on, how far
    they were read, and what was not seen.
    """
    content = _content(row, case)
    content["ai_items"] = [dict(item) for item in CASE_FINDINGS.ask(case.id)]
    key = identity.data_key(subject_id=case.patient_id)
    relied_on = list(Document.objects.filter(case=case, state=DocumentState.ACCEPTED).order_by("id"))
    content["documents_relied_on"] = [{"id": str(one.id), "sha256": one.sha256} for one in relied_on]
    content["coverage"] = reading_counts(case, relied_on, key)
    content["not_seen"] = not_seen(case, key, content)
    return content


def _finishing_step(case: Case) -> Transition:
    if case.state == State.AMENDING:
        return Transition.SUBMIT_AMENDMENT
    return (
        Transition.SUBMIT_TO_PEER if CaseFacts(case, SYSTEM, {}, "").peer_review_required else Transition.FINISH_OPINION
    )


def _content(row: Opinion, case: Case) -> dict[str, Any]:
    key = identity.data_key(subject_id=case.patient_id)
    content: dict[str, Any] = open_json(key, place("opinion", "content", row.id), row.content_sealed)
    return content


def opinion_dto(row: Opinion, case: Case, content: Mapping[str, Any] | None = None) -> OpinionDTO:
    """An opinion as plain data, opened unless its ``content`` is given."""
    return OpinionDTO(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        state=row.state,
        version=row.version,
        content=_content(row, case) if content is None else content,
        content_hash=row.content_hash,
        author_id=row.author_id,
        signed_at=row.signed_at,
    )


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
