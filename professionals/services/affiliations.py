"""Affiliations: what specialists, and those who check them, declare for the parties graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, Place, open_text, seal_text
from config.kernel.errors import FieldError, Invalid, NotFound
from identity import services as identity
from professionals.db import atomic, now
from professionals.domain.parties import normal_name
from professionals.models import Affiliation, Organisation, Professional
from professionals.services.conflicts import person_index

KINDS = ("employer", "co_authorship", "referrer", "payer", "facility", "maker", "family", "prior_involvement")


@dataclass(frozen=True, kw_only=True)
class AffiliationDTO:
    """A declared link; ``with_whom`` is an organisation's or a person's name."""

    id: UUID
    kind: str
    with_whom: str


def declare_affiliation(
    *,
    principal: Principal,
    professional_id: UUID,
    kind: str,
    organisation: str = "",
    colleague_id: UUID | None = None,
    person: str = "",
    other_names: Sequence[str] = (),
) -> AffiliationDTO:
    """Link a specialist with exactly one of an organisation, another specialist and a person outside.

    ``other_names`` are further names of the organisation; the same organisation is found by any of them.
    """
    if kind not in KINDS:
        raise _invalid("kind", f"kind is one of: {', '.join(KINDS)}.")
    if sum((bool(organisation.strip()), colleague_id is not None, bool(person.strip()))) != 1:
        raise _invalid("organisation", "Name one of: organisation, colleague_id, person.")
    with atomic():
        row = _visible(principal, professional_id)
        fresh = Affiliation(professional=row, kind=kind, declared_by=principal.require_user_id())
        told = organisation.strip() or person.strip()
        if colleague_id is not None:
            colleague = Professional.objects.filter(id=colleague_id).exclude(id=row.id).first()
            if colleague is None:
                raise _invalid("colleague_id", "There is no such specialist.")
            fresh.colleague, told = colleague, colleague.display_name
        elif person.strip():
            fresh.person_index = person_index(person)
            key = identity.data_key(subject_id=row.user_id)
            fresh.person_sealed = seal_text(key, _place(fresh.id), person.strip())
        else:
            fresh.organisation = _organisation(organisation, other_names)
        fresh.save(force_insert=True)
        _note("affiliation.declare", row)
    return AffiliationDTO(id=fresh.id, kind=kind, with_whom=told)


def list_affiliations(*, principal: Principal, professional_id: UUID) -> tuple[AffiliationDTO, ...]:
    """The links that stand now, for the specialist and administrators."""
    with atomic():
        row = _visible(principal, professional_id)
        key = identity.data_key(subject_id=row.user_id)
        rows = row.affiliations.filter(ended_on=None).select_related("organisation", "colleague").order_by("id")
        found = tuple(AffiliationDTO(id=one.id, kind=one.kind, with_whom=_told(one, key)) for one in rows)
        _note("affiliation.read", row)
    return found


def end_affiliation(*, principal: Principal, professional_id: UUID, affiliation_id: UUID) -> None:
    """End a link. Only administrators do: who could drop a link could drop a conflict."""
    with atomic():
        row = _visible(principal, professional_id)
        if not principal.has("administrator"):
            raise NotFound("Administrators end affiliations.")
        changed = row.affiliations.filter(id=affiliation_id, ended_on=None).update(ended_on=now().date())
        if not changed:
            raise NotFound("There is no such affiliation.")
        _note("affiliation.end", row)


def _told(row: Affiliation, key: DataKey) -> str:
    if row.organisation is not None:
        return row.organisation.name
    if row.colleague is not None:
        return row.colleague.display_name
    return open_text(key, _place(row.id), row.person_sealed or b"")


def _organisation(name: str, others: Sequence[str]) -> Organisation:
    names = sorted({normal_name(one) for one in (name, *others)} - {""})
    if not names:
        raise _invalid("organisation", "Give the organisation's name.")
    held = Organisation.objects.select_for_update().filter(names__overlap=names).order_by("id").first()
    if held is None:
        return Organisation.objects.create(name=name.strip(), names=names)
    held.names = sorted({*held.names, *names})
    held.save(update_fields=["names"])
    return held


def _visible(principal: Principal, professional_id: UUID) -> Professional:
    row = Professional.objects.filter(id=professional_id).first()
    if row is None or (principal.user_id != row.user_id and not principal.has("administrator")):
        raise NotFound("There is no such profile for you.")
    return row


def _place(affiliation_id: UUID) -> Place:
    return Place("professionals_affiliation", "person", affiliation_id)


def _invalid(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])


def _note(action: str, row: Professional) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=row.id)
