"""What others may see of a person. Nobody acts as somebody else."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from identity.db import atomic
from identity.models.accounts import masked
from identity.services.account_reads import get_account
from identity.services.dto import PersonDTO
from identity.services.sign_in.revocation import end_all_sessions

_ABSENT = "There is no such account for you."
# Who looks accounts up for people who call or write.
_DESK = frozenset({"administrator", "support", "coordinator", "privacy_officer"})
_SIGNS_OUT = frozenset({"administrator", "support", "coordinator"})


def view_person(*, principal: Principal, user_id: UUID) -> PersonDTO:
    """One's own account in full; staff see somebody else's with masked contact data; ``NotFound`` for all others."""
    own = principal.user_id == user_id
    if not own and not principal.has(*_DESK):
        raise NotFound(_ABSENT)
    account = get_account(user_id=user_id)
    with atomic():
        record(context="identity", action="user.read", patient_id=user_id, object_type="user", object_id=user_id)
    return PersonDTO(
        id=account.id,
        email=account.email if own else masked(account.email),
        full_name=account.full_name if own else None,
        country=account.country,
        region=account.region,
        locale=account.locale,
        roles=account.roles,
        email_verified=account.email_verified,
        mfa_enabled=account.mfa_enabled,
        active=account.active,
    )


def end_sessions_of(*, principal: Principal, user_id: UUID) -> int:
    """End all sessions of oneself or (staff) of anybody; ``NotFound`` for others. Returns how many ended."""
    if principal.require_user_id() == user_id:
        return end_all_sessions(user_id=user_id, reason="logout")
    if not principal.has(*_SIGNS_OUT):
        raise NotFound(_ABSENT)
    return end_all_sessions(user_id=user_id, reason="administrator")
