"""Whom a caller acts for. A grant is asked for at every request and never remembered, so that an end is an end."""

from uuid import UUID

from config.kernel.audit.capacity import ON_BEHALF, acts_in_capacity
from config.kernel.auth import Principal
from identity import services as identity

READ, UPLOAD, MESSAGE, MANAGE = "read", "upload", "message", "manage"
CASE_SCOPE = "cases:read:"
MERGED = "merged"
TREATING = "treating_clinician"
# Specialists and staff act for nobody: a second role must not open a case to them.
_PRIVATE = (frozenset({"patient"}), frozenset({TREATING}))


def is_patient(principal: Principal, patient_id: UUID) -> bool:
    """Whether the caller is this patient: by the account itself, or by one that was joined with theirs."""
    if principal.user_id == patient_id:
        return True
    return any(one.patient_id == patient_id and one.relationship == MERGED for one in grants_of(principal))


def acts_for_others(principal: Principal) -> bool:
    """Whether patients can let the caller do anything for them."""
    return principal.kind == "user" and principal.roles in _PRIVATE


def grants_of(principal: Principal, *, lately: bool = False) -> tuple[identity.ProxyGrant, ...]:
    """What patients have let the caller do for them; one query, and none for those who cannot have any.

    ``lately``: for lists, which may show what somebody has just been granted a second later.
    """
    if principal.user_id is None or not acts_for_others(principal):
        return ()
    return identity.proxy_grants(delegate_id=principal.user_id, lately=lately)


def grant_for(principal: Principal, patient_id: UUID, case_id: UUID, scope: str) -> identity.ProxyGrant | None:
    """The grant by which the caller does ``scope`` in this case; audit rows will name it."""
    found = next((one for one in grants_of(principal) if one.covers(patient_id, case_id, scope)), None)
    if found is not None and principal.user_id is not None:
        acts_in_capacity(principal.user_id, patient_id, ON_BEHALF, found.id)
    return found


def treats(principal: Principal, case_id: UUID) -> bool:
    """Whether the patient named the caller as their treating clinician in this case."""
    return any(one.case_id == case_id and one.relationship == TREATING for one in grants_of(principal))


def cases_of_key(principal: Principal) -> frozenset[UUID]:
    """Which cases a service key may read: those that its scopes name, one by one."""
    if principal.kind != "service":
        return frozenset()
    named = (scope.removeprefix(CASE_SCOPE) for scope in principal.scopes if scope.startswith(CASE_SCOPE))
    return frozenset(map(UUID, named))
