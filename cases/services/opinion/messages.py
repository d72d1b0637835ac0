"""Messages between a patient and the case's specialist; internal notes."""

from collections.abc import Sequence
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.workflow.states import State
from cases.events import MessageSent
from cases.models import Case, CaseMessage, CaseNote, Document
from cases.queries.access import case_for, person_id
from cases.queries.news import waits_unseen
from cases.queries.proxies import MESSAGE
from cases.queries.sealed_contents import place
from cases.services.opinion.dto import MessageDTO, NoteDTO, TalkDTO
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.db.rows import insert_rows
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from config.kernel.outbox import publish
from identity import services as identity

MAX_TEXT_LENGTH = 10_000
# Before a specialist has taken the case nobody would read, and when it is closed nobody answers any more.
OPEN_FOR_TALK = frozenset(
    {
        State.IN_REVIEW,
        State.CLARIFICATION,
        State.PEER_REVIEW,
        State.ADJUDICATION,
        State.READY_TO_SIGN,
        State.SIGNED,
        State.DELIVERED,
        State.FOLLOW_UP,
        State.AMENDING,
    }
)
SIDES = {
    Relation.OWNER: CaseMessage.Side.PATIENT,
    Relation.DELEGATE: CaseMessage.Side.PATIENT,
    Relation.ASSIGNED: CaseMessage.Side.SPECIALIST,
}
_NOTING = ("coordinator", "nurse", "medical_director", "administrator")


def send_message(*, principal: Principal, case_id: UUID, text: str, document_ids: Sequence[UUID] = ()) -> MessageDTO:
    """Write to the other side. ``Conflict`` while the case has no specialist, and once it is closed."""
    _require_text(text)
    with atomic():
        case, side = talker(principal, case_id, lock=True)
        if case.state not in OPEN_FOR_TALK or case.assigned_user_id is None:
            raise Conflict("Messages are written while a specialist has the case.", code="case_not_open_for_messages")
        row = CaseMessage(case=case, author_id=person_id(principal), side=side)
        row.document_ids = attached(case, document_ids)
        key = identity.data_key(subject_id=case.patient_id)
        row.body_sealed = seal_text(key, place("casemessage", "body", row.id), text)
        first_unseen = not waits_unseen(case.id, side)
        insert_rows([row])
        _note("message.send", case)
        if first_unseen:
            # One notice until the other side has read: ten messages in a row are one piece of news.
            reader = case.patient_id if side == CaseMessage.Side.SPECIALIST else case.assigned_user_id
            publish(MessageSent(aggregate_id=case.id, message_id=row.id, user_id=reader))
    return _message(row, key, side)


def read_messages(*, principal: Principal, case_id: UUID, limit: int, before: UUID | None = None) -> TalkDTO:
    """The newest messages, newest first, and how many of the other side's were unread until now: they are read now."""
    with atomic():
        case, side = talker(principal, case_id)
        unread = CaseMessage.objects.filter(case=case, seen_at=None).exclude(side=side).update(seen_at=now())
        rows = CaseMessage.objects.filter(case=case, **({"id__lt": before} if before else {})).order_by("-id")
        page = list(rows[: limit + 1])
        _note("message.read", case)
        key = identity.data_key(subject_id=case.patient_id)
        found = tuple(_message(row, key, side) for row in page[:limit])
    return TalkDTO(messages=found, unread=unread, next=page[limit - 1].id if len(page) > limit else None)


def unread_messages(*, principal: Principal, case_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many unread messages wait for the caller in each of these cases of theirs; cases with none are absent."""
    me = person_id(principal)
    rows = CaseMessage.objects.filter(case_id__in=list(case_ids), seen_at=None).values_list(
        "case_id", "side", "case__patient_id", "case__assigned_user_id"
    )
    counted: dict[UUID, int] = {}
    for case_id, side, patient_id, specialist_id in rows:
        reader = specialist_id if side == CaseMessage.Side.PATIENT else patient_id
        if reader == me:
            counted[case_id] = counted.get(case_id, 0) + 1
    return counted


def add_note(*, principal: Principal, case_id: UUID, text: str) -> NoteDTO:
    """Keep an internal note."""
    _require_text(text)
    with atomic():
        case, role = _noter(principal, case_id)
        row = CaseNote(case=case, author_id=person_id(principal), author_role=role)
        key = identity.data_key(subject_id=case.patient_id)
        row.body_sealed = seal_text(key, place("casenote", "body", row.id), text)
        insert_rows([row])
        _note("note.add", case)
    return NoteDTO(id=row.id, author_role=row.author_role, text=text, created_at=row.created_at)


def list_notes(*, principal: Principal, case_id: UUID) -> tuple[NoteDTO, ...]:
    """The internal notes, newest first (at most 200)."""
    with atomic():
        case, _ = _noter(principal, case_id)
        _note("note.read", case)
        key = identity.data_key(subject_id=case.patient_id)
        return tuple(
            NoteDTO(
                id=r.id,
                author_role=r.author_role,
                text=open_text(key, place("casenote", "body", r.id), r.body_sealed),
                created_at=r.created_at,
            )
            for r in CaseNote.objects.filter(case=case).order_by("-id")[:200]
        )


def talker(principal: Principal, case_id: UUID, *, lock: bool = False) -> tuple[Case, str]:
    """The case, and on which side of its messages the caller is; refused to everybody who is on none."""
    case, relation = case_for(principal, case_id, lock=lock, scope=MESSAGE)
    if relation not in SIDES:
        raise Forbidden("The messages are between patient and specialist.", code="role_forbidden")
    return case, SIDES[relation]


def _noter(principal: Principal, case_id: UUID) -> tuple[Case, str]:
    case, relation = case_for(principal, case_id)
    if relation is Relation.ASSIGNED:
        return case, "specialist"
    role = next((role for role in _NOTING if principal.has(role)), None)
    if not relation.may(Act.STEER) or role is None:
        raise Forbidden("Notes are for the specialist and the staff of the case.", code="role_forbidden")
    return case, role


def attached(case: Case, document_ids: Sequence[UUID]) -> list[str]:
    """Ids of the case's own documents; another case's document and none at all look the same."""
    wanted = list(dict.fromkeys(document_ids))
    if not wanted:
        return []
    known = set(Document.objects.filter(case=case, id__in=wanted).values_list("id", flat=True))
    errors = [
        FieldError(f"#/document_ids/{number}", "unknown", "This case has no such document.")
        for number, one in enumerate(wanted)
        if one not in known
    ]
    if errors:
        raise Invalid("Attach documents of this case: upload them first.", errors=errors)
    return [str(one) for one in wanted]


def _require_text(text: str) -> None:
    if not text.strip():
        raise Invalid("Write something.", errors=[FieldError("#/text", "blank", "Write something.")])
    if len(text) > MAX_TEXT_LENGTH:
        advice = f"At most {MAX_TEXT_LENGTH} characters; attach a document for more."
        raise Invalid(advice, errors=[FieldError("#/text", "max_length", advice)])


def _message(row: CaseMessage, key: DataKey, reader: str) -> MessageDTO:
    text = open_text(key, place("casemessage", "body", row.id), row.body_sealed)
    attached = tuple(UUID(one) for one in row.document_ids)
    return MessageDTO(
        id=row.id,
        side=row.side.lower(),
        mine=row.side == reader,
        text=text,
        document_ids=attached,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
