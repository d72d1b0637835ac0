"""Who saw a patient's data: told to the patient, and to those who watch over it."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from config.kernel.audit import record
from config.kernel.audit.audit_reads import AuditRow, Mark, newest_rows
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden, NotFound
from config.kernel.ports import PROFESSIONAL_NAMES
from identity.db import atomic
from identity.domain.audit_event import audit_bundle, audit_event
from identity.domain.ledger import Act, Agreement, capacity, rests_on, why
from identity.domain.proxies import READ
from identity.models import Consent
from identity.services.privacy.ledger_dto import ConsentBasis, LedgerEntry, LedgerPage
from identity.services.privacy.proxies import proxy_grants

OVERSEERS = ("administrator", "privacy_officer")


def access_ledger(
    *, principal: Principal, patient_id: UUID | None = None, after: Mark | None = None, limit: int = 25
) -> LedgerPage:
    """Newest first: everything recorded about a patient, or (without one) everything there is, for overseers.

    ``NotFound`` for strangers, ``Forbidden`` for staff without the duty. Looking is recorded too.
    """
    rows = _recorded_rows(principal, patient_id, after, limit + 1)
    shown = rows[:limit]
    entries = _entries(principal, shown)
    following = Mark(shown[-1].at, shown[-1].id) if len(rows) > limit else None
    return LedgerPage(entries=entries, next_cursor=str(following) if following else None)


def audit_events(
    *, principal: Principal, patient_id: UUID | None = None, after: Mark | None = None, limit: int = 25
) -> Mapping[str, Any]:
    """The same rows as a FHIR R4 Bundle of AuditEvents; actors by the same names as in ``access_ledger``."""
    rows = _recorded_rows(principal, patient_id, after, limit)
    oversees = principal.has(*OVERSEERS)
    events = [
        audit_event(
            id=entry.id,
            at=entry.at,
            action=entry.action,
            outcome=entry.outcome,
            purpose=entry.why,
            actor=entry.who,
            roles=entry.roles,
            patient_id=row.patient_id,
            object_type=entry.object_type,
            object_id=entry.object_id,
            request_id=row.request_id,
            address=row.address if oversees or row.actor_id == principal.user_id else None,
            detail=row.detail,
        )
        for entry, row in zip(_entries(principal, rows), rows, strict=True)
    ]
    return audit_bundle(events)


def _recorded_rows(
    principal: Principal, patient_id: UUID | None, after: Mark | None, limit: int
) -> tuple[AuditRow, ...]:
    _admit(principal, patient_id)
    rows = newest_rows(limit=limit, after=after, patient_id=patient_id)
    with atomic():
        record(
            context="identity",
            action="audit.read" if patient_id else "audit.read_all",
            patient_id=patient_id,
            object_type="audit",
            detail={"rows": len(rows)},
        )
    return rows


def _admit(principal: Principal, patient_id: UUID | None) -> None:
    user_id = principal.require_user_id()
    if principal.has(*OVERSEERS) or user_id == patient_id:
        return
    if patient_id is None or principal.is_staff_member:
        raise Forbidden("The audit log is for the privacy officer and administrators.", code="role_forbidden")
    if not any(one.covers(patient_id, None, READ) for one in proxy_grants(delegate_id=user_id)):
        raise NotFound("There is no such ledger for you.")


def _entries(principal: Principal, rows: Iterable[AuditRow]) -> tuple[LedgerEntry, ...]:
    acts = [(row, _act(row)) for row in rows]
    experts = {row.actor_id for row, act in acts if row.actor_id and capacity(act) == "professional"}
    names = PROFESSIONAL_NAMES.ask(experts)
    agreements = _agreements({row.patient_id for row, _ in acts if row.patient_id})
    return tuple(_entry(principal, row, act, names, agreements.get(row.patient_id, ())) for row, act in acts)


def _entry(
    principal: Principal, row: AuditRow, act: Act, names: Mapping[UUID, str], agreements: Iterable[Agreement]
) -> LedgerEntry:
    basis = rests_on(act, agreements)
    kind = capacity(act)
    return LedgerEntry(
        id=row.id,
        at=row.at,
        kind=kind,
        who=_who(principal, row, kind, names),
        roles=tuple(filter(None, row.actor_roles.split(","))),
        action=row.action,
        object_type=row.object_type,
        object_id=row.object_id,
        patient_id=row.patient_id,
        outcome=row.outcome,
        why=why(act),
        consent=ConsentBasis(purpose=basis.purpose, text_version=basis.text_version, granted_at=basis.granted_at)
        if basis
        else None,
        on_behalf="on_behalf_of" in row.detail,
        break_glass="break_glass" in row.detail,
    )


def _who(principal: Principal, row: AuditRow, kind: str, names: Mapping[UUID, str]) -> str:
    """A specialist by name, everybody else by a short sign that stays the same and tells no name."""
    if row.actor_id is None:
        return {"platform": "the platform", "service": "a service key"}.get(kind, "somebody not signed in")
    if row.actor_id == principal.user_id:
        return "you"
    sign = hashlib.sha256(row.actor_id.bytes).hexdigest()[:8]
    return names.get(row.actor_id) or f"{kind} {sign}"


def _act(row: AuditRow) -> Act:
    roles = frozenset(filter(None, row.actor_roles.split(",")))
    return Act(row.at, row.action, row.purpose, row.actor_kind, row.actor_id, roles, row.patient_id, row.detail)


def _agreements(patient_ids: Iterable[UUID]) -> dict[UUID | None, tuple[Agreement, ...]]:
    found: dict[UUID | None, tuple[Agreement, ...]] = {}
    for row in Consent.objects.filter(patient_id__in=list(patient_ids)).order_by("-granted_at"):
        one = Agreement(row.purpose, row.text_version, row.granted_at, row.withdrawn_at)
        found[row.patient_id] = (*found.get(row.patient_id, ()), one)
    return found
