"""Making and changing accounts."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, FieldError, Invalid, PreconditionFailed
from config.kernel.outbox import publish
from identity.adapters.common_passwords import common_passwords
from identity.db import atomic, now
from identity.domain.mail_addresses import plain_address
from identity.domain.passwords import faults, normalise
from identity.domain.roles import ROLES, STAFF_ROLES, needs_second_factor
from identity.events import AccountRegistered, RegistrationRepeated
from identity.models import RoleGrant, User
from identity.queries import open_profile, seal_profile
from identity.services.account_reads import get_account
from identity.services.accounts.mail_allowances import announce
from identity.services.dto import AccountDTO
from identity.services.keys.data_keys import data_key
from identity.services.privacy.erasure import begin_erasure

# Of the registrations that wait for one mailbox the newest stay, so that no number of strangers' keeps the owner's out.
MAX_WAITING = 50
EDITABLE = frozenset({"full_name", "date_of_birth", "sex", "phone", "country", "region", "locale", "time_zone"})
_SEALED = frozenset({"full_name", "date_of_birth", "sex", "phone"})


def create_account(
    *,
    email: str,
    password: str,
    full_name: str,
    roles: frozenset[str],
    email_verified: bool = False,
    date_of_birth: date | None = None,
    sex: str | None = None,
    country: str = "",
    region: str = "",
    locale: str = "en",
    granted_by: UUID | None = None,
) -> AccountDTO:
    """Open an account, or (not ``email_verified``) leave a registration that waits for its link.

    ``Conflict`` when a confirmed one is wanted and the address has one; ``Invalid`` for a weak password or a role that
    there is not.
    """
    unknown = roles - ROLES
    if unknown:
        raise Invalid(f"There is no role {', '.join(sorted(unknown))}.", code="role_unknown")
    address = plain_address(email)
    require_good_password(password, second_factor=needs_second_factor(roles), about=(address, full_name))
    profile = {"full_name": full_name.strip(), "date_of_birth": date_of_birth, "sex": sex, "phone": ""}
    place = {"country": country, "region": region, "locale": locale}
    user_id = insert_account(
        address,
        make_password(normalise(password)),
        profile,
        place,
        roles=roles,
        email_verified=email_verified,
        granted_by=granted_by,
    )
    return get_account(user_id=user_id)


def insert_account(
    address: str,
    encoded: str,
    profile: dict[str, Any],
    place: Mapping[str, str],
    *,
    roles: frozenset[str],
    email_verified: bool = False,
    granted_by: UUID | None = None,
) -> UUID:
    """Write an account whose password is hashed already; ``Conflict`` when it is confirmed and the address has one.

    One that waits for its link is written for any address. Where somebody holds the address, they are told, and the
    account stays a registration that nobody can confirm.
    """
    user_id = uuid7()
    try:
        with atomic():
            User.objects.create(
                id=user_id,
                email=address,
                password=encoded,
                profile_sealed=seal_profile(user_id, data_key(subject_id=user_id), profile),
                **place,
                email_verified_at=now() if email_verified else None,
                is_staff=not roles.isdisjoint(STAFF_ROLES),
            )
            RoleGrant.objects.bulk_create(
                RoleGrant(user_id=user_id, role=role, granted_by=granted_by) for role in sorted(roles)
            )
            _audit("account.create", user_id)
            if email_verified:
                publish(AccountRegistered(aggregate_id=user_id, verified=True))
            else:
                _wait_for_link(user_id, address)
    except IntegrityError as error:
        raise Conflict("This e-mail address has an account already.", code="email_taken") from error
    return user_id


def _wait_for_link(user_id: UUID, address: str) -> None:
    """The address is told of its new registration; the oldest beyond ``MAX_WAITING`` end. Inside ``atomic()``."""
    owner = User.objects.confirmed().filter(email=address).only("id").first()
    if owner is None:
        announce(AccountRegistered(aggregate_id=user_id, verified=False), address)
    else:
        announce(RegistrationRepeated(aggregate_id=owner.id), address)
    waiting = User.objects.waiting().filter(email=address, is_staff=False).values_list("id", flat=True)
    for oldest in list(waiting[MAX_WAITING:]):
        begin_erasure(user_id=oldest, asked_by=oldest)


def update_profile(*, user_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None) -> AccountDTO:
    """Change fields of ``EDITABLE``; ``PreconditionFailed`` when ``expected_version`` is no longer current."""
    wrong = set(changes) - EDITABLE
    if wrong:
        errors = [FieldError(f"#/{name}", "read_only", "This field cannot be changed here.") for name in sorted(wrong)]
        raise Invalid("Some fields cannot be changed here.", errors=errors)
    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if expected_version is not None and user.version != expected_version:
            raise PreconditionFailed("Your profile changed in the meantime; read it again.")
        key = data_key(subject_id=user_id)
        profile = open_profile(user, key) | {k: v for k, v in changes.items() if k in _SEALED}
        user.profile_sealed = seal_profile(user_id, key, profile)
        for name in changes.keys() - _SEALED:
            setattr(user, name, changes[name])
        user.version += 1
        user.save()
        _audit("profile.update", user_id)
    return get_account(user_id=user_id)


def require_good_password(password: str, *, second_factor: bool, about: tuple[str, ...]) -> None:
    """Raise ``Invalid`` with advice for each fault of the password."""
    found = faults(password, with_second_factor=second_factor, about=about, common=common_passwords())
    if found:
        errors = [FieldError("#/password", code, advice) for code, advice in found]
        raise Invalid("Choose another password.", code="password_weak", errors=errors)


def _audit(action: str, user_id: UUID) -> None:
    record(context="identity", action=action, patient_id=user_id, object_type="user", object_id=user_id)
