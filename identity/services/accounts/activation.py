"""Switching accounts off and on."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.errors import Conflict, Forbidden
from identity.db import atomic
from identity.models import User
from identity.queries import merged_survivor
from identity.services.sign_in.revocation import revoke_access


def deactivate_account(*, principal: Principal, user_id: UUID) -> None:
    """Switch an account off: it signs in no more, and what is open ends. By an administrator, freshly proved."""
    _switch(principal, user_id, active=False)


def reactivate_account(*, principal: Principal, user_id: UUID) -> None:
    """Let a switched-off account sign in again. By an administrator, freshly proved."""
    _switch(principal, user_id, active=True)


def _switch(principal: Principal, user_id: UUID, *, active: bool) -> None:
    if not principal.has("administrator"):
        raise Forbidden("An administrator does this.", code="role_forbidden")
    if fresh_second_factor(principal) == user_id:
        raise Forbidden("Nobody switches their own account off or on.", code="own_account")
    if active and merged_survivor(user_id):
        raise Conflict("It was joined with another account; separate the two first.", code="account_joined")
    with atomic():
        if not User.objects.filter(id=user_id, is_active=not active).update(is_active=active):
            raise Conflict("The account is in that state already, or there is none.", code="account_state")
        action = "user.reactivate" if active else "user.deactivate"
        record(context="identity", action=action, patient_id=user_id, object_type="user", object_id=user_id)
        if not active:
            revoke_access(user_id=user_id, reason="deactivated")
