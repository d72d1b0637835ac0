"""Accounts as they stand, read for everybody who needs one."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from config.kernel.crypto import DataKey
from config.kernel.errors import Conflict, NotFound
from identity.domain.mail_addresses import plain_address
from identity.models import User
from identity.queries import open_profile, roles_of, users_with_second_factor
from identity.services.dto import AccountDTO
from identity.services.keys.data_keys import data_key, data_keys


def get_account(*, user_id: UUID) -> AccountDTO:
    """One account; ``NotFound`` for an unknown id."""
    found = get_accounts(user_ids=[user_id])
    if user_id not in found:
        raise NotFound("There is no such account.")
    return found[user_id]


def get_accounts(*, user_ids: Iterable[UUID]) -> Mapping[UUID, AccountDTO]:
    """Several accounts by id; unknown ids, and people whose keys were destroyed, are absent."""
    users = list(User.objects.filter(id__in=list(user_ids)))
    ids = [user.id for user in users]
    roles, devices, keys = roles_of(ids), users_with_second_factor(ids), data_keys(subject_ids=ids)
    return {user.id: _dto(user, keys[user.id], roles[user.id], user.id in devices) for user in users if user.id in keys}


def require_named(*, user_id: UUID) -> None:
    """``Conflict`` unless the account says its person's name (one whose address a reset confirmed does not yet)."""
    user = User.objects.only("id", "profile_sealed").get(id=user_id)
    if not open_profile(user, data_key(subject_id=user_id))["full_name"]:
        raise Conflict("Say who you are first: PUT /api/v1/profile/me with your full_name.", code="profile_incomplete")


def find_account(*, email: str) -> AccountDTO | None:
    """The account that holds an address; else its newest registration that waits, or ``None``."""
    address = plain_address(email)
    holders = User.objects.confirmed().filter(email=address).only("id")
    user = holders.first() or User.objects.waiting().filter(email=address).only("id").first()
    return get_account(user_id=user.id) if user else None


def _dto(user: User, key: DataKey, roles: frozenset[str], mfa: bool) -> AccountDTO:
    profile = open_profile(user, key)
    return AccountDTO(
        id=user.id,
        email=user.email,
        full_name=profile["full_name"],
        date_of_birth=profile["date_of_birth"],
        sex=profile["sex"],
        phone=profile["phone"],
        country=user.country,
        region=user.region,
        locale=user.locale,
        time_zone=user.time_zone,
        roles=roles,
        email_verified=user.email_verified_at is not None,
        active=user.is_active,
        mfa_enabled=mfa,
        version=user.version,
    )
