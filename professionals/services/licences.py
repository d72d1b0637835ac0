"""Licences: submitted by their holder, decided on by two people, watched until they end."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import require_second_person
from config.kernel.crypto import blind_index, open_text, seal_text
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity
from professionals.db import atomic, now
from professionals.domain.credentials import PRACTISING, CredentialState
from professionals.domain.legal_rules import REVERIFIED_WITHIN
from professionals.domain.numbers import number_fault
from professionals.events import (
    LicenceExpired,
    LicenceExpiring,
    ProfessionalRejected,
    ProfessionalSuspended,
    ProfessionalVerified,
)
from professionals.models import ExpiryNotice, Licence, Professional, VerificationDecision
from professionals.queries import number_place
from professionals.services.dto import LicenceDTO, LicenceInput, ProfessionalDTO
from professionals.services.profiles import get_professional

WARN_DAYS = (90, 30, 7)


def submit_credentials(*, principal: Principal, licences: Sequence[LicenceInput]) -> ProfessionalDTO:
    """Add licences to one's own profile, which then waits for two people's check."""
    with atomic():
        row = Professional.objects.select_for_update().filter(user_id=principal.require_user_id()).first()
        if row is None:
            raise Forbidden("Only a specialist submits credentials.", code="role_forbidden")
        if not licences:
            advice = "Give at least one licence."
            raise Invalid(advice, errors=[FieldError("#/licences", "required", advice)])
        for licence in licences:
            _add(row, licence)
        row.submitted_by = principal.user_id
        row.save(update_fields=["submitted_by", "updated_at"])
        if row.state != CredentialState.PENDING:
            _to(row, CredentialState.PENDING)
        _note("credentials.submit", row)
    return get_professional(professional_id=row.id)


def prepare_verification(*, principal: Principal, professional_id: UUID, evidence: str) -> None:
    """The first of two people: looked the licences up at their source, and says where."""
    _require_administrator(principal)
    if not evidence.strip():
        raise Invalid("Name the source and what it said.", code="evidence_missing")
    with atomic():
        row = _pending(professional_id)
        if VerificationDecision.objects.filter(professional=row, decided_by=None).exists():
            raise Conflict("A check is prepared already; another person decides it.", code="decision_prepared")
        VerificationDecision.objects.create(
            professional=row, prepared_by=principal.require_user_id(), evidence=evidence[:500]
        )
        _note("credentials.prepare", row)


def decide_verification(*, principal: Principal, professional_id: UUID, approve: bool) -> ProfessionalDTO:
    """The second of two people: approves or rejects what the first prepared."""
    _require_administrator(principal)
    with atomic():
        row = _pending(professional_id)
        decision = VerificationDecision.objects.select_for_update().filter(professional=row, decided_by=None).first()
        if decision is None:
            raise Conflict("Nobody has prepared the check yet.", code="decision_not_prepared")
        require_second_person(
            principal.user_id,
            not_one_of=(decision.prepared_by, row.user_id),
            why="Another person than the one who prepared it decides.",
        )
        decision.decided_by, decision.approved = principal.user_id, approve
        decision.save()
        if approve:
            Licence.objects.filter(professional=row, verified_at=None).update(verified_at=now())
        _to(row, CredentialState.VERIFIED if approve else CredentialState.REJECTED)
        _note("credentials.decide", row, approved=approve)
        news = ProfessionalVerified if approve else ProfessionalRejected
        publish(news(aggregate_id=row.id, user_id=row.user_id))
    return get_professional(professional_id=professional_id)


def suspend(*, principal: Principal, professional_id: UUID, reason: str) -> None:
    """Stop a specialist at once."""
    if not principal.has("administrator", "medical_director"):
        raise Forbidden("An administrator or the medical director suspends.", code="role_forbidden")
    if not reason.strip():
        raise Invalid("Give the reason.", code="reason_missing")
    with atomic():
        row = _locked(professional_id)
        _to(row, CredentialState.SUSPENDED)
        _note("credentials.suspend", row)
        publish(ProfessionalSuspended(aggregate_id=row.id, user_id=row.user_id))
        # What is signed in ends with it; they may sign in again, and find no work.
        identity.revoke_access(user_id=row.user_id, reason="suspended")


def list_licences(*, principal: Principal, professional_id: UUID) -> tuple[LicenceDTO, ...]:
    """One's own licences, or (administrators) anybody's; numbers show their last three signs."""
    with atomic():
        row = Professional.objects.filter(id=professional_id).first()
        if row is None or (principal.user_id != row.user_id and not principal.has("administrator")):
            raise NotFound("There is no such profile for you.")
        _note("credentials.read", row)
        key = identity.data_key(subject_id=row.user_id)
        return tuple(
            LicenceDTO(
                id=licence.id,
                place=licence.place,
                number_ending="…" + open_text(key, number_place(licence.id), licence.number_sealed)[-3:],
                body=licence.body,
                valid_from=licence.valid_from,
                valid_to=licence.valid_to,
                verified=licence.verified_at is not None,
            )
            for licence in row.licences.order_by("place")
        )


def watch_expiry() -> None:
    """Tell of each licence that ends within 90, 30 or 7 days, each once; end the standing of who has none left.

    A check older than three years counts no more: such a licence is submitted and checked again.
    """
    today = now().date()
    for row in Professional.objects.prefetch_related("licences").filter(state__in=[str(s) for s in PRACTISING]):
        counted = [
            (_counts_until(one), one) for one in row.licences.all() if one.verified_at and one.status != "revoked"
        ]
        try:
            _watch(row, counted, today)
        except Conflict:
            # Somebody suspended them, or they sent new licences, since the row was read: that stands.
            continue


def _watch(row: Professional, counted: Sequence[tuple[date, Licence]], today: date) -> None:
    left = max(((end - today).days for end, _ in counted), default=-1)
    with atomic():
        for end, licence in counted:
            if 0 <= (end - today).days <= WARN_DAYS[0]:
                _tell(row, licence, end, (end - today).days)
        if left < 0:
            _to(row, CredentialState.EXPIRED)
            publish(LicenceExpired(aggregate_id=row.id, user_id=row.user_id))
        elif left <= WARN_DAYS[0] and row.state == CredentialState.VERIFIED:
            _to(row, CredentialState.EXPIRING)


def _tell(row: Professional, licence: Licence, ends_on: date, days: int) -> None:
    due = [mark for mark in WARN_DAYS if days <= mark]
    fresh = [mark for mark in due if ExpiryNotice.objects.get_or_create(licence=licence, ends_on=ends_on, days=mark)[1]]
    # After days without a run, one notice of the nearest mark, not one of each.
    if due[-1] in fresh:
        publish(LicenceExpiring(aggregate_id=row.id, user_id=row.user_id, days=days))


def _counts_until(licence: Licence) -> date:
    checked = licence.verified_at or now()
    return min(licence.valid_to, (checked + REVERIFIED_WITHIN).date())


def _add(row: Professional, licence: LicenceInput) -> None:
    place = f"{licence.country}-{licence.region}" if licence.region else licence.country
    if licence.country in ("US", "CA") and not licence.region:
        advice = "Licences of the US and Canada are regional: give the region."
        raise Invalid(advice, errors=[FieldError("#/licences/region", "required", advice)])
    if licence.valid_to <= licence.valid_from:
        advice = "valid_to must be after valid_from."
        raise Invalid(advice, errors=[FieldError("#/licences/valid_to", "invalid", advice)])
    fault = number_fault(licence.country, licence.number)
    if fault is not None:
        raise Invalid(f"The licence number: {fault}.", errors=[FieldError("#/licences/number", "invalid", fault)])
    index = blind_index("licence", f"{place}|{licence.number.strip()}")
    again = Licence.objects.filter(professional=row, place=place, number_index=index)
    if again.update(
        body=licence.body, valid_from=licence.valid_from, valid_to=licence.valid_to, verified_at=None, status="active"
    ):
        return
    fresh = Licence(
        professional=row,
        place=place,
        number_index=index,
        body=licence.body,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
    )
    key = identity.data_key(subject_id=row.user_id)
    fresh.number_sealed = seal_text(key, number_place(fresh.id), licence.number.strip())
    try:
        with atomic():
            fresh.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("This licence is registered already.", code="licence_exists") from error


def _to(row: Professional, target: CredentialState) -> None:
    advance(row, target, version=row.version + 1)


def _pending(professional_id: UUID) -> Professional:
    row = _locked(professional_id)
    if row.state != CredentialState.PENDING:
        raise Conflict("Only credentials that wait for it are checked.", code="credentials_not_pending")
    if not row.licences.filter(verified_at=None).exists():
        raise Conflict("There is no licence to check.", code="licence_missing")
    return row


def _locked(professional_id: UUID) -> Professional:
    row = Professional.objects.select_for_update().filter(id=professional_id).first()
    if row is None:
        raise NotFound("There is no such specialist.")
    return row


def _require_administrator(principal: Principal) -> None:
    if not principal.has("administrator"):
        raise Forbidden("Administrators check credentials.", code="role_forbidden")


def _note(action: str, row: Professional, **detail: bool) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=row.id, detail=detail)
