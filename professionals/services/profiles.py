"""Registering and reading specialists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, PreconditionFailed
from config.kernel.outbox import publish
from identity import services as identity
from professionals.db import atomic, now
from professionals.domain.credentials import PRACTISING
from professionals.domain.specialties import SPECIALTIES
from professionals.domain.taxonomy import unknown
from professionals.events import ProfessionalRegistered
from professionals.models import Professional
from professionals.queries import valid_places
from professionals.services.dto import ProfessionalDTO

EDITABLE = frozenset({"display_name", "languages", "organisation", "biography", "sub_specialties", "procedures"})


def register_professional(
    *,
    email: str,
    password: str,
    full_name: str,
    specialty: str,
    languages: Sequence[str],
    organisation: str,
    country: str = "",
    region: str = "",
    email_verified: bool = False,
) -> ProfessionalDTO:
    """Open an account and a profile that waits for credentials; the account waits for its mailed link.

    Nobody learns whether the address has an account: who holds it is told by mail, and this registration can never be
    confirmed. Two transactions in two contexts, account first. When the second did not happen, doing the whole again
    with the same address and password finishes it; when it did, its profile is given.
    """
    _require_specialty(specialty)
    account = identity.find_registration(email=email, password=password, role="professional")
    finished = Professional.objects.filter(user_id=account.id).first() if account else None
    if finished is not None:
        return dto(finished)
    if account is None:
        account = identity.create_account(
            email=email,
            password=password,
            full_name=full_name,
            roles=frozenset({"professional"}),
            email_verified=email_verified,
            country=country,
            region=region,
        )
    try:
        with atomic():
            row = Professional.objects.create(
                user_id=account.id,
                display_name=full_name.strip(),
                specialty=specialty,
                languages=sorted(set(languages)),
                organisation=organisation.strip(),
            )
            _note("professional.register", row)
            publish(ProfessionalRegistered(aggregate_id=row.id, user_id=account.id))
    except IntegrityError as error:
        raise Conflict("This profile is registered already.", code="professional_exists") from error
    return dto(row)


def get_professional(*, professional_id: UUID) -> ProfessionalDTO:
    """A specialist by id, whatever their state (for the platform's own use)."""
    row = Professional.objects.prefetch_related("licences").filter(id=professional_id).first()
    if row is None:
        raise NotFound("There is no such specialist.")
    return dto(row)


def get_by_user(*, user_id: UUID) -> ProfessionalDTO:
    """The specialist of an account; ``NotFound`` when it has no profile."""
    row = Professional.objects.prefetch_related("licences").filter(user_id=user_id).first()
    if row is None:
        raise NotFound("This account has no specialist's profile.")
    return dto(row)


def specialists_among(*, user_ids: Iterable[UUID], specialties: Iterable[str]) -> frozenset[UUID]:
    """Those of the accounts that are of a specialist who may practise, in one of the specialties."""
    rows = Professional.objects.filter(user_id__in=list(user_ids), specialty__in=list(specialties))
    return frozenset(rows.filter(state__in=PRACTISING).order_by().values_list("user_id", flat=True))


def visible_profile(*, principal: Principal, professional_id: UUID) -> ProfessionalDTO:
    """A profile as the caller may see it: verified ones for all, others for their owner and administrators."""
    found = get_professional(professional_id=professional_id)
    own = principal.user_id == found.user_id
    if found.state not in PRACTISING and not own and not principal.has("administrator"):
        raise NotFound("There is no such specialist.")
    return found


def update_profile(
    *, principal: Principal, professional_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> ProfessionalDTO:
    """Change one's own public fields."""
    wrong = set(changes) - EDITABLE
    if wrong:
        errors = [FieldError(f"#/{name}", "read_only", "This field cannot be changed here.") for name in sorted(wrong)]
        raise Invalid("Some fields cannot be changed here.", errors=errors)
    for kind in ("sub_specialties", "procedures"):
        _require_known(kind, changes.get(kind, ()))
    with atomic():
        row = own_row(principal, professional_id)
        if expected_version is not None and row.version != expected_version:
            raise PreconditionFailed("The profile changed in the meantime; read it again.")
        for name, value in changes.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        _note("professional.update", row)
    return get_professional(professional_id=professional_id)


def set_availability(*, principal: Principal, changes: Mapping[str, Any]) -> ProfessionalDTO:
    """Weekly hours, how many cases at once, whether new ones are taken, and absence."""
    with atomic():
        row = Professional.objects.select_for_update().filter(user_id=principal.require_user_id()).first()
        if row is None:
            raise Forbidden("Only a specialist has availability.", code="role_forbidden")
        for name in ("weekly_hours", "time_zone", "capacity", "accepting", "out_of_office_until"):
            if name in changes:
                setattr(row, name, changes[name])
        row.version += 1
        row.save()
        _note("professional.availability", row)
    return get_professional(professional_id=row.id)


def own_row(principal: Principal, professional_id: UUID) -> Professional:
    """The caller's own profile row, locked; 404 for another's."""
    row = Professional.objects.select_for_update().filter(id=professional_id).first()
    if row is None or row.user_id != principal.user_id:
        raise NotFound("There is no such profile of yours.")
    return row


def dto(row: Professional) -> ProfessionalDTO:
    """A profile as plain data."""
    today = now().date()
    away = row.out_of_office_until is not None and row.out_of_office_until >= today
    away = away or row.calendar.filter(kind="away", starts_at__lte=now(), ends_at__gt=now()).exists()
    return ProfessionalDTO(
        id=row.id,
        user_id=row.user_id,
        display_name=row.display_name,
        specialty=row.specialty,
        languages=tuple(row.languages),
        organisation=row.organisation,
        biography=row.biography,
        state=row.state,
        licence_places=valid_places(row, today),
        capacity=row.capacity,
        accepting=row.accepting and not away,
        version=row.version,
        sub_specialties=tuple(row.sub_specialties),
        procedures=tuple(row.procedures),
    )


def _require_specialty(specialty: str) -> None:
    if specialty not in SPECIALTIES:
        advice = f"specialty is one of: {', '.join(SPECIALTIES)}."
        raise Invalid(advice, errors=[FieldError("#/specialty", "unknown", advice)])


def _require_known(kind: str, keys: Sequence[str]) -> None:
    strange = unknown(kind, list(keys))
    if strange:
        advice = f"{kind} are keys of the list at /api/v1/taxonomy; these are not: {', '.join(strange)[:200]}."
        raise Invalid(advice, errors=[FieldError(f"#/{kind}", "unknown", advice)])


def _note(action: str, row: Professional) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=row.id)
