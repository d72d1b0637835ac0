"""Credentials beside licences, and primary-source checks: recorded by administrators with date and evidence."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance
from config.kernel.errors import FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity
from professionals.db import atomic, now
from professionals.domain.credentials import PRACTISING, CredentialState
from professionals.events import LicenceWithdrawn, ProfessionalSuspended
from professionals.models import Credential, Licence, Professional

KINDS = ("board_certification", "education", "insurance", "reference", "sanction")
LICENCE_STATUSES = ("active", "restricted", "suspended", "revoked")


@dataclass(frozen=True, kw_only=True)
class CredentialDTO:
    """One credential; ``checked_on`` is ``None`` while nobody asked its source."""

    id: UUID
    kind: str
    title: str
    body: str
    valid_from: date | None
    valid_to: date | None
    checked_on: date | None
    evidence: str


def add_credential(
    *,
    principal: Principal,
    professional_id: UUID,
    kind: str,
    title: str,
    body: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    evidence: str = "",
) -> CredentialDTO:
    """State a credential of one's own, or record one that was checked (administrators, who give the evidence).

    Only administrators record sanctions; one that stands suspends at once.
    """
    if kind not in KINDS:
        raise _invalid("kind", f"kind is one of: {', '.join(KINDS)}.")
    if valid_from and valid_to and valid_to <= valid_from:
        raise _invalid("valid_to", "valid_to must be after valid_from.")
    staff = principal.has("administrator")
    if kind == "sanction" and not staff:
        raise Forbidden("Administrators record sanctions.", code="role_forbidden")
    if staff and not evidence.strip():
        raise _invalid("evidence", "Name the source that was asked, and what it said.")
    today = now().date()
    with atomic():
        row = _visible(principal, professional_id)
        made = Credential.objects.create(
            professional=row,
            kind=kind,
            title=title,
            body=body,
            valid_from=valid_from,
            valid_to=valid_to,
            checked_on=today if staff else None,
            evidence=evidence if staff else "",
            recorded_by=principal.require_user_id(),
        )
        _note("credential.add", row)
        if kind == "sanction" and (valid_to is None or valid_to >= today):
            _stop(row)
    return _dto(made)


def list_credentials(*, principal: Principal, professional_id: UUID) -> tuple[CredentialDTO, ...]:
    """One's own, or (administrators) anybody's."""
    with atomic():
        row = _visible(principal, professional_id)
        _note("credential.read", row)
        return tuple(_dto(one) for one in Credential.objects.filter(professional=row).order_by("kind", "id"))


def check_licence(*, principal: Principal, professional_id: UUID, licence_id: UUID, status: str, evidence: str) -> None:
    """Record what the licence's register says today. A licence that is not active or restricted counts no more."""
    if not principal.has("administrator"):
        raise Forbidden("Administrators check licences.", code="role_forbidden")
    if status not in LICENCE_STATUSES or not evidence.strip():
        raise _invalid("status", f"status is one of {', '.join(LICENCE_STATUSES)}; name the source in evidence.")
    with atomic():
        row = _visible(principal, professional_id)
        changed = Licence.objects.filter(id=licence_id, professional=row).update(
            status=status, checked_on=now().date(), check_evidence=evidence[:500]
        )
        if not changed:
            raise NotFound("There is no such licence.")
        _note("licence.check", row)
        if status in ("suspended", "revoked"):
            # Their open cases are looked at again, each with its own place.
            publish(LicenceWithdrawn(aggregate_id=row.id, user_id=row.user_id))


def _stop(row: Professional) -> None:
    if row.state in PRACTISING:
        advance(row, CredentialState.SUSPENDED, version=row.version + 1)
        publish(ProfessionalSuspended(aggregate_id=row.id, user_id=row.user_id))
        identity.revoke_access(user_id=row.user_id, reason="suspended")


def _visible(principal: Principal, professional_id: UUID) -> Professional:
    row = Professional.objects.select_for_update().filter(id=professional_id).first()
    if row is None or (principal.user_id != row.user_id and not principal.has("administrator")):
        raise NotFound("There is no such profile for you.")
    return row


def _dto(row: Credential) -> CredentialDTO:
    return CredentialDTO(
        id=row.id,
        kind=row.kind,
        title=row.title,
        body=row.body,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        checked_on=row.checked_on,
        evidence=row.evidence,
    )


def _invalid(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])


def _note(action: str, row: Professional) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=row.id)
