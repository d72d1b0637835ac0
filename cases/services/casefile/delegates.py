"""Letting somebody act in one case: the permission itself lives with identity."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cases.domain.casefile.access_rules import Act
from cases.queries.access import case_for
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden
from identity import services as identity


def add_delegate(
    *,
    principal: Principal,
    case_id: UUID,
    email: str,
    scopes: Sequence[str],
    ends_at: datetime,
    relationship: str = "other",
) -> identity.ProxyDTO:
    """Offer the person at ``email`` to act in this case; only its patient does this, and proves afresh who they are."""
    _require_owner(principal, case_id)
    return identity.offer_proxy(
        principal=principal,
        email=email,
        scopes=scopes,
        ends_at=ends_at,
        relationship=relationship,
        case_id=case_id,
    )


def list_delegates(*, principal: Principal, case_id: UUID) -> tuple[identity.ProxyDTO, ...]:
    """Who may act in this case, or was asked to: those named for it, and those named for all of the patient's."""
    _require_owner(principal, case_id)
    found = identity.list_proxies(principal=principal)
    return tuple(one for one in found if one.mine and one.case_id in (None, case_id))


def remove_delegate(*, principal: Principal, case_id: UUID, proxy_id: UUID) -> None:
    """End a permission for this case, at once."""
    _require_owner(principal, case_id)
    identity.revoke_proxy(principal=principal, proxy_id=proxy_id, case_id=case_id)


def _require_owner(principal: Principal, case_id: UUID) -> None:
    _, relation = case_for(principal, case_id)
    if not relation.may(Act.NAME_DELEGATES):
        raise Forbidden("Only the patient says who may act in the case.", code="role_forbidden")
