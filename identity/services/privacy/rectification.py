"""Claims that something held about a person is wrong, and the answers to them.

Records, opinions and reports are never overwritten: what was relied on stays. An accepted claim stands beside them, in
the person's export; an opinion that rests on the mistake is amended by its author.
"""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import Place, open_json, seal_json
from config.kernel.db import uuid7
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.rectification import ANSWERED_WITHIN, OPEN_AT_ONCE
from identity.domain.state_machines import RectificationState
from identity.events import RectificationAnswered
from identity.models import Rectification, User
from identity.services.keys.data_keys import data_key
from identity.services.privacy.privacy_dto import RectificationDTO

_DECIDERS = ("privacy_officer", "administrator")
_READERS = _DECIDERS


def request_rectification(
    *, principal: Principal, user_id: UUID, about: str, wrong: str, right: str
) -> RectificationDTO:
    """Say what is wrong and how it should read. ``Conflict`` while ten claims wait for an answer."""
    _own(principal, user_id)
    claim_id = uuid7()
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        if Rectification.objects.filter(user_id=user_id, state=RectificationState.OPEN).count() >= OPEN_AT_ONCE:
            raise Conflict("Ten claims wait for an answer already.", code="too_many_open")
        sealed = seal_json(data_key(subject_id=user_id), _place("claim", claim_id), {"wrong": wrong, "right": right})
        row = Rectification.objects.create(
            id=claim_id, user_id=user_id, about=about, claim_sealed=sealed, due_at=now() + ANSWERED_WITHIN
        )
        _note("rectification.request", row)
    return _dto(row)


def list_rectifications(*, principal: Principal, user_id: UUID) -> tuple[RectificationDTO, ...]:
    """A person's claims, newest first: for themselves, the privacy officer and administrators."""
    if not principal.has(*_READERS):
        _own(principal, user_id)
    with atomic():
        record(
            context="identity", action="rectification.list", patient_id=user_id, object_type="user", object_id=user_id
        )
        return tuple(_dto(row) for row in Rectification.objects.filter(user_id=user_id))


def decide_rectification(*, principal: Principal, claim_id: UUID, accept: bool, answer: str) -> RectificationDTO:
    """Answer a claim, once, with the reason or what was done. Not by the person themselves."""
    if not principal.has(*_DECIDERS):
        raise Forbidden("The privacy officer or an administrator decides this.", code="role_forbidden")
    decider = principal.require_user_id()
    with atomic():
        row = Rectification.objects.select_for_update().filter(id=claim_id).first()
        if row is None:
            raise NotFound("There is no such claim.")
        if row.user_id == decider:
            raise Forbidden("Somebody else decides on your own claim.", code="own_claim")
        if row.state != RectificationState.OPEN:
            raise Conflict("This claim was answered already.", code="already_decided")
        advance(
            row,
            RectificationState.ACCEPTED if accept else RectificationState.REFUSED,
            answer_sealed=seal_json(data_key(subject_id=row.user_id), _place("answer", row.id), answer),
            decided_by=decider,
            decided_at=now(),
        )
        _note("rectification.decide", row)
        publish(RectificationAnswered(aggregate_id=row.user_id, claim_id=row.id))
    return _dto(row)


def _own(principal: Principal, user_id: UUID) -> None:
    if principal.require_user_id() == user_id:
        return
    if principal.is_staff_member:
        raise Forbidden("The person says so themselves.", code="role_forbidden")
    raise NotFound("There is no such account for you.")


def _place(column: str, row_id: UUID) -> Place:
    return Place("identity_rectification", column, row_id)


def _note(action: str, row: Rectification) -> None:
    record(context="identity", action=action, patient_id=row.user_id, object_type="rectification", object_id=row.id)


def _dto(row: Rectification) -> RectificationDTO:
    key = data_key(subject_id=row.user_id)
    claim = open_json(key, _place("claim", row.id), row.claim_sealed)
    answer = open_json(key, _place("answer", row.id), row.answer_sealed) if row.answer_sealed else ""
    return RectificationDTO(
        id=row.id,
        user_id=row.user_id,
        about=row.about,
        wrong=claim["wrong"],
        right=claim["right"],
        state=row.state,
        answer=answer,
        requested_at=row.created_at,
        due_at=row.due_at,
        decided_at=row.decided_at,
    )
