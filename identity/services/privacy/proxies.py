"""Proxies: offered by the patient, accepted by the caregiver, confirmed by staff for guardians, revoked at once."""

import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.freshness import fresh_second_factor
from config.kernel.auth.sessions import MAX_AGE
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now, on_commit
from identity.domain.mail_addresses import plain_address
from identity.domain.proxies import (
    MAX_DURATION,
    RELATIONSHIPS,
    SCOPES,
    TREATING,
    eighteenth_birthday,
    is_minor,
    ordered,
)
from identity.domain.state_machines import PROXY, ProxyState
from identity.events import ProxyAccepted, ProxyEnded, ProxyOffered
from identity.models import Proxy, User
from identity.queries import active_proxies
from identity.services.account_reads import get_account
from identity.services.privacy.proxy_dto import ProxyDTO, ProxyGrant

CONFIRMERS = ("coordinator", "administrator")
# Who acts for nobody, and until when that is taken for known.
_alone: dict[UUID, float] = {}
_MAX_ALONE = 20_000


def offer_proxy(
    *,
    principal: Principal,
    email: str,
    scopes: Sequence[str],
    ends_at: datetime,
    relationship: str = "other",
    guardian: bool = False,
    case_id: UUID | None = None,
) -> ProxyDTO:
    """Let the person at ``email`` act for the caller until ``ends_at``; the answer is the same for unknown addresses.

    Needs a fresh proof of who is calling. A guardian of a minor acts until the patient's eighteenth birthday at most,
    and only once staff confirmed it.
    """
    patient_id = fresh_second_factor(principal)
    if not principal.has("patient"):
        raise Forbidden("Only a patient names somebody to act for them.", code="role_forbidden")
    patient = get_account(user_id=patient_id)
    if patient.email == plain_address(email):
        raise _wrong("email", "Name somebody else than yourself.")
    born = patient.date_of_birth
    if guardian and not is_minor(born, now()):
        raise Conflict("Only patients under eighteen have a guardian here.", code="patient_of_age")
    last = eighteenth_birthday(born) if guardian and born else now() + MAX_DURATION
    _require_sound(scopes, relationship, ends_at, last)
    if relationship == TREATING and case_id is None:
        raise _wrong("relationship", "A treating clinician is named in a case, among its delegates.")
    with atomic():
        known = User.objects.confirmed().filter(email=plain_address(email), is_active=True).first()
        row = Proxy.objects.create(
            patient_id=patient_id,
            address_hash=address_hash(email),
            case_id=case_id,
            guardian=guardian,
            relationship=relationship,
            scopes=ordered(scopes),
            state=PROXY.opening(ProxyState.ATTESTED if guardian else ProxyState.OFFERED),
            ends_at=ends_at,
        )
        _note("proxy.grant", row)
        if not guardian and known is not None:
            publish(ProxyOffered(aggregate_id=patient_id, proxy_id=row.id, user_id=known.id))
    return _dto(row, patient_id)


def confirm_guardian(*, principal: Principal, proxy_id: UUID, approve: bool) -> ProxyDTO:
    """Staff has seen (or not) that the guardian is one; approved, the guardian may accept."""
    if not principal.has(*CONFIRMERS):
        raise Forbidden("A coordinator or administrator confirms guardians.", code="role_forbidden")
    with atomic():
        row = Proxy.objects.select_for_update().filter(id=proxy_id).first()
        if row is None:
            raise NotFound("There is no such permission.")
        if row.state != ProxyState.ATTESTED:
            raise Conflict("Only a guardian who waits for it is confirmed.", code="proxy_not_attested")
        by = principal.require_user_id()
        advance(row, ProxyState.OFFERED if approve else ProxyState.DECLINED, confirmed_by=by, confirmed_at=now())
        _note("proxy.confirm", row)
    return _dto(row, None)


def list_proxies(*, principal: Principal) -> tuple[ProxyDTO, ...]:
    """What the caller gave, and what was given or is offered to the caller, newest first."""
    user_id = principal.require_user_id()
    given = list(Proxy.objects.filter(patient_id=user_id))
    offered = Proxy.objects.filter(address_hash=_own_hash(principal), state=ProxyState.OFFERED)
    held = [*Proxy.objects.filter(delegate_id=user_id), *offered]
    rows = sorted({row.id: row for row in (*given, *held)}.values(), key=lambda row: row.id, reverse=True)
    return tuple(_dto(row, user_id) for row in rows)


def answer_proxy(*, principal: Principal, proxy_id: UUID, accept: bool) -> ProxyDTO:
    """Take or decline what was offered to the caller's confirmed address."""
    user_id = principal.require_user_id()
    with atomic():
        row = Proxy.objects.select_for_update().filter(id=proxy_id, address_hash=_own_hash(principal)).first()
        if row is None or not principal.email_verified or row.state == ProxyState.ATTESTED:
            raise NotFound("Nothing of this kind is offered to you.")
        if row.state != ProxyState.OFFERED or row.ends_at <= now():
            raise Conflict("This is no longer open.", code="proxy_closed")
        if principal.roles not in ({"patient"}, {TREATING}):
            # Whoever works here must not gain sight of a case by a second role.
            raise Forbidden("Use a private account to act for somebody.", code="role_forbidden")
        answered = ProxyState.ACTIVE if accept else ProxyState.DECLINED
        advance(row, answered, delegate_id=user_id, accepted_at=now() if accept else None)
        _note("proxy.accept" if accept else "proxy.decline", row)
        if accept:
            forget_alone()
            publish(ProxyAccepted(aggregate_id=row.patient_id, proxy_id=row.id, user_id=user_id))
    return _dto(row, user_id)


def revoke_proxy(*, principal: Principal, proxy_id: UUID, case_id: UUID | None = None) -> None:
    """End it, as the patient or as the one who was named; from this commit on it opens nothing."""
    user_id = principal.require_user_id()
    with atomic():
        row = Proxy.objects.select_for_update().filter(id=proxy_id).first()
        if row is None or user_id not in (row.patient_id, row.delegate_id) or case_id not in (None, row.case_id):
            raise NotFound("There is no such permission of yours.")
        if row.state in (ProxyState.REVOKED, ProxyState.DECLINED):
            return
        advance(row, ProxyState.REVOKED, ended_at=now(), ended_by=user_id)
        _note("proxy.revoke", row)
        if row.delegate_id:
            publish(ProxyEnded(aggregate_id=row.patient_id, proxy_id=row.id, user_id=row.delegate_id))


def proxy_grants(*, delegate_id: UUID, lately: bool = False) -> tuple[ProxyGrant, ...]:
    """What somebody may do for others at this instant: one prepared statement, never remembered.

    ``lately``: that somebody acts for nobody may be known from at most ``MAX_AGE`` seconds ago, as their session is.
    What opens something is asked in any case, so that an end is an end at once.
    """
    if lately and _alone.get(delegate_id, 0.0) > time.monotonic():
        return ()
    grants = tuple(
        ProxyGrant(
            id=row_id,
            patient_id=patient_id,
            case_id=case_id,
            scopes=frozenset(scopes.split(",")),
            relationship=relationship,
        )
        for row_id, patient_id, case_id, scopes, relationship in active_proxies(delegate_id, now())
    )
    if lately and not grants:
        if len(_alone) >= _MAX_ALONE:
            _alone.clear()
        _alone[delegate_id] = time.monotonic() + MAX_AGE
    return grants


def forget_alone() -> None:
    """Somebody came to act for another. Call it after the step, inside ``atomic()``: this process knows it at once.

    Again at the commit: whoever asked before it saw nothing yet, and may have noted that.
    """
    _alone.clear()
    on_commit(_alone.clear)


def address_hash(email: str) -> bytes:
    """By this an address is found again, and by nothing is it told."""
    return salted_hmac("identity.proxy.address", plain_address(email), algorithm="sha256").digest()


def _own_hash(principal: Principal) -> bytes:
    return address_hash(User.objects.values_list("email", flat=True).get(id=principal.require_user_id()))


def _require_sound(scopes: Sequence[str], relationship: str, ends_at: datetime, last: datetime) -> None:
    if not scopes or not set(scopes) <= set(SCOPES):
        raise _wrong("scopes", f"Name one or more of {', '.join(SCOPES)}.")
    if relationship not in RELATIONSHIPS:
        raise _wrong("relationship", f"One of {', '.join(RELATIONSHIPS)}.")
    if not now() < ends_at <= last:
        raise _wrong("ends_at", f"A time from now until {last.date().isoformat()} at the latest.")


def _dto(row: Proxy, reader: UUID | None) -> ProxyDTO:
    over = row.state in (ProxyState.ACTIVE, ProxyState.OFFERED) and row.ends_at <= now()
    return ProxyDTO(
        id=row.id,
        patient_id=row.patient_id,
        delegate_id=row.delegate_id,
        case_id=row.case_id,
        guardian=row.guardian,
        relationship=row.relationship,
        scopes=tuple(row.scopes.split(",")),
        state="ENDED" if over else row.state,
        ends_at=row.ends_at,
        accepted_at=row.accepted_at,
        mine=row.patient_id == reader,
    )


def _note(action: str, row: Proxy) -> None:
    record(
        context="identity",
        action=action,
        patient_id=row.patient_id,
        object_type="proxy",
        object_id=row.id,
        detail={"scopes": row.scopes, "guardian": row.guardian},
    )


def _wrong(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"#/{field}", "invalid", detail)])
