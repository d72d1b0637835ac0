"""Joining two accounts of one patient: one person proposes, another decides; nothing is moved, so nothing is lost.

The alias keeps its id, its rows and its keys, and is closed. While the merge stands, the surviving account reaches the
alias's records in every context as a delegate with all scopes does (``proxy_grants``); each row that is read is opened
with the key it was sealed with. Ending the merge ends that at once and opens the alias again.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.auth.second_person import has_ended, require_second_person
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.account_match import Likeness, Told, likeness
from identity.domain.state_machines import MergeState
from identity.events import PatientMergeProposed, PatientsMerged, PatientsSeparated
from identity.models import Erasure, PatientMerge, User
from identity.queries import merged_aliases, merged_survivor, roles_of
from identity.services.account_reads import get_account
from identity.services.privacy.proxies import forget_alone
from identity.services.sign_in.revocation import revoke_access

LIFETIME = timedelta(days=14)
MIN_REASON_LENGTH = 10
PROPOSERS = ("coordinator", "support", "administrator", "privacy_officer")
DECIDERS = ("administrator", "privacy_officer")


@dataclass(frozen=True, kw_only=True)
class MergeDTO:
    """One merge; ``state`` is PROPOSED, MERGED, REFUSED, WITHDRAWN or SEPARATED. ``likeness`` tells no name or date."""

    id: UUID
    survivor_id: UUID
    alias_id: UUID
    state: str
    reason: str
    likeness: Likeness
    proposed_by: UUID
    decided_by: UUID | None
    expires_at: datetime


def propose_merge(*, principal: Principal, survivor_id: UUID, alias_id: UUID, reason: str) -> MergeDTO:
    """Say that two accounts are one patient's; both are told. ``Conflict`` names every obstacle."""
    proposer = _staff(principal, PROPOSERS)
    _require_reason(reason)
    if survivor_id == alias_id:
        raise Invalid("Name two accounts.", errors=[FieldError("#/alias_id", "invalid", "Name two accounts.")])
    try:
        with atomic():
            late = PatientMerge.objects.filter(state=MergeState.PROPOSED, expires_at__lte=now(), alias_id=alias_id)
            advance_all(late, MergeState.WITHDRAWN)
            alike = _joinable(survivor_id, alias_id, proposer)
            row = PatientMerge.objects.create(
                survivor_id=survivor_id,
                alias_id=alias_id,
                reason=reason.strip()[:300],
                likeness=asdict(alike),
                proposed_by=proposer,
                expires_at=now() + LIFETIME,
            )
            _note("patient_merge.propose", row)
            publish(PatientMergeProposed(aggregate_id=survivor_id, alias_id=alias_id, merge_id=row.id))
    except IntegrityError as error:
        raise Conflict("A merge of this account is open or done already.", code="merge_open") from error
    return _dto(row)


def withdraw_merge(*, principal: Principal, merge_id: UUID) -> MergeDTO:
    """Take a proposal back before it is decided."""
    _staff(principal, PROPOSERS)
    with atomic():
        row = _locked(merge_id)
        if row.state != MergeState.PROPOSED:
            raise Conflict("This was decided already.", code="merge_closed")
        advance(row, MergeState.WITHDRAWN)
        _note("patient_merge.withdraw", row)
    return _dto(row)


def decide_merge(*, principal: Principal, merge_id: UUID, approve: bool) -> MergeDTO:
    """Join the two, or refuse: another person than the proposer, freshly proved. The likeness is looked at again."""
    decider = _staff(principal, DECIDERS)
    with atomic():
        row = _locked(merge_id)
        if row.state != MergeState.PROPOSED or has_ended(row.expires_at):
            raise Conflict("This merge was decided or has ended; propose it again.", code="merge_closed")
        require_second_person(
            decider,
            not_one_of=(row.proposed_by, row.survivor_id, row.alias_id),
            why="A second person decides what you proposed, or what is yours.",
        )
        decided: dict[str, Any] = {"decided_by": decider, "decided_at": now()}
        if approve:
            decided["likeness"] = asdict(_joinable(row.survivor_id, row.alias_id, decider, merge_id=row.id))
            decided["alias_was_active"] = User.objects.values_list("is_active", flat=True).get(id=row.alias_id)
        advance(row, MergeState.MERGED if approve else MergeState.REFUSED, **decided)
        _note("patient_merge.approve" if approve else "patient_merge.refuse", row)
        if approve:
            User.objects.filter(id=row.alias_id).update(is_active=False)
            revoke_access(user_id=row.alias_id, reason="deactivated")
            forget_alone()
            publish(PatientsMerged(aggregate_id=row.survivor_id, alias_id=row.alias_id, merge_id=row.id))
    return _dto(row)


def separate_patients(*, principal: Principal, merge_id: UUID, reason: str) -> MergeDTO:
    """They were two people after all: the survivor reaches the alias's records no more, the alias signs in again."""
    by = _staff(principal, DECIDERS)
    _require_reason(reason)
    with atomic():
        row = _locked(merge_id)
        if row.state != MergeState.MERGED:
            raise Conflict("These accounts are not joined.", code="not_merged")
        why = reason.strip()[:300]
        advance(row, MergeState.SEPARATED, separated_by=by, separated_at=now(), separated_because=why)
        if row.alias_was_active and not Erasure.objects.filter(user_id=row.alias_id).exists():
            User.objects.filter(id=row.alias_id).update(is_active=True)
        _note("patient_merge.separate", row)
        publish(PatientsSeparated(aggregate_id=row.survivor_id, alias_id=row.alias_id, merge_id=row.id))
    return _dto(row)


def person_now(*, user_id: UUID) -> UUID:
    """The account under which a patient is reached today: the survivor of a merge, else the account itself."""
    return merged_survivor(user_id) or user_id


def own_ids(*, user_id: UUID) -> tuple[UUID, ...]:
    """The account, and those that were joined with it."""
    return (user_id, *merged_aliases(user_id))


def _joinable(survivor_id: UUID, alias_id: UUID, by: UUID, *, merge_id: UUID | None = None) -> Likeness:
    """How like the two are; ``Conflict`` with all that stands against joining them. Locks both, in order of id."""
    if by in (survivor_id, alias_id):
        raise Forbidden("Nobody joins accounts of their own.", code="own_account")
    pair = [survivor_id, alias_id]
    users = {one.id: one for one in User.objects.select_for_update().filter(id__in=pair).order_by("id")}
    if len(users) < len(pair):
        raise NotFound("There is no such account.")
    obstacles = []
    roles = roles_of(pair)
    if any(roles[one] != {"patient"} for one in pair):
        obstacles.append("Only two patients are joined; one of these has another role.")
    if Erasure.objects.filter(user_id__in=pair).exists():
        obstacles.append("One of them is being erased, or was.")
    if any(user.email_verified_at is None for user in users.values()):
        obstacles.append("The address of one of them is not confirmed: nobody knows whose account it is.")
    if not users[survivor_id].is_active:
        obstacles.append("The account that is to remain is closed.")
    others = PatientMerge.objects.filter(state__in=(MergeState.PROPOSED, MergeState.MERGED))
    if merge_id is not None:
        others = others.exclude(id=merge_id)
    if others.filter(Q(alias_id__in=pair) | Q(survivor_id=alias_id)).exists():
        obstacles.append("One of them has a part in another merge; end that one first.")
    if not obstacles:
        alike = likeness(*(_told(one) for one in pair))
        obstacles += alike.obstacles
    if obstacles:
        raise Conflict(" ".join(obstacles), code="not_joinable", extra={"obstacles": obstacles})
    return alike


def _told(user_id: UUID) -> Told:
    account = get_account(user_id=user_id)
    return Told(account.full_name, account.date_of_birth, account.sex, account.country)


def _locked(merge_id: UUID) -> PatientMerge:
    row = PatientMerge.objects.select_for_update().filter(id=merge_id).first()
    if row is None:
        raise NotFound("There is no such merge.")
    return row


def _staff(principal: Principal, roles: tuple[str, ...]) -> UUID:
    if not principal.has(*roles):
        raise Forbidden("Your role does not allow this.", code="role_forbidden")
    return fresh_second_factor(principal)


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON_LENGTH:
        advice = f"Say in at least {MIN_REASON_LENGTH} characters why."
        raise Invalid(advice, errors=[FieldError("#/reason", "too_short", advice)])


def _note(action: str, row: PatientMerge) -> None:
    """In the ledgers of both."""
    for user_id in (row.survivor_id, row.alias_id):
        record(context="identity", action=action, patient_id=user_id, object_type="patient_merge", object_id=row.id)


def _dto(row: PatientMerge) -> MergeDTO:
    return MergeDTO(
        id=row.id, survivor_id=row.survivor_id, alias_id=row.alias_id, state=row.state, reason=row.reason,
        likeness=Likeness(**row.likeness), proposed_by=row.proposed_by, decided_by=row.decided_by,
        expires_at=row.expires_at,
    )  # fmt: skip
