"""Taking a second factor away: by its owner, or, when it is lost, by two administrators together."""

from datetime import timedelta
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.auth.second_person import has_ended, require_second_person
from config.kernel.crypto import Place, seal_text
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.events import SecondFactorChanged
from identity.models import Passkey, RecoveryCase, RecoveryDevice, User
from identity.queries import users_with_second_factor
from identity.services.keys.data_keys import data_key
from identity.services.sign_in.revocation import revoke_access
from identity.services.sign_in.totp import remove_totp

LIFETIME = timedelta(hours=24)
MIN_REASON_LENGTH = 10


def remove_second_factor(*, principal: Principal, user_id: UUID, reason: str = "") -> bool:
    """Remove the caller's own second factor (``True``), or open a recovery case for somebody else's (``False``).

    ``NotFound`` for users outside the caller's scope, ``Forbidden`` for staff who are no administrators,
    ``Conflict`` when there is nothing to remove. Both ask for a fresh proof.
    """
    if principal.user_id == user_id:
        fresh_second_factor(principal)
        _remove(user_id, "removed", keep=principal.session_id)
        return True
    _require_administrator(principal)
    _open_case(fresh_second_factor(principal), user_id, reason.strip())
    return False


def approve_recovery(*, principal: Principal, user_id: UUID) -> None:
    """Approve the open recovery case of a user, as another administrator: the second factor is removed."""
    _require_administrator(principal)
    approver = fresh_second_factor(principal)
    with atomic():
        case = (
            RecoveryCase.objects.select_for_update()
            .filter(user_id=user_id, approved_at=None)
            .order_by("-created_at")
            .first()
        )
        if case is None or has_ended(case.expires_at):
            raise NotFound("There is no open recovery case of this user.")
        require_second_person(
            approver, not_one_of=(case.opened_by, user_id), why="Another administrator must approve this."
        )
        RecoveryCase.objects.filter(id=case.id).update(approved_by=approver, approved_at=now())
        record(
            context="identity",
            action="recovery.approve",
            patient_id=user_id,
            object_type="recovery_case",
            object_id=case.id,
        )
        _remove(user_id, "removed_by_staff", keep=None)


def _open_case(opener: UUID, user_id: UUID, reason: str) -> None:
    if len(reason) < MIN_REASON_LENGTH:
        error = FieldError(
            "#/reason", "too_short", f"Say in at least {MIN_REASON_LENGTH} characters why this is needed."
        )
        raise Invalid("A recovery case needs a reason.", errors=[error])
    case_id = uuid7()
    with atomic():
        if not User.objects.select_for_update().filter(id=user_id).exists():
            raise NotFound("There is no such account.")
        if user_id not in users_with_second_factor([user_id]):
            raise Conflict("No second factor is set up.", code="second_factor_missing")
        place = Place("identity_recoverycase", "reason", case_id)
        RecoveryCase.objects.create(
            id=case_id,
            user_id=user_id,
            opened_by=opener,
            reason_sealed=seal_text(data_key(subject_id=user_id), place, reason),
            expires_at=now() + LIFETIME,
        )
        record(
            context="identity",
            action="recovery.open",
            patient_id=user_id,
            object_type="recovery_case",
            object_id=case_id,
        )
        publish(SecondFactorChanged(aggregate_id=user_id, change="removal_asked_by_staff"))


def _require_administrator(principal: Principal) -> None:
    principal.require_user_id()
    if principal.has("administrator"):
        return
    if principal.is_staff_member:
        raise Forbidden("Your role does not allow this.", code="role_forbidden")
    raise NotFound("There is no such account.")


def _remove(user_id: UUID, change: str, *, keep: UUID | None) -> None:
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        if user_id not in users_with_second_factor([user_id]):
            raise Conflict("No second factor is set up.", code="second_factor_missing")
        remove_totp(user_id)
        Passkey.objects.filter(user_id=user_id).delete()
        RecoveryDevice.objects.filter(user_id=user_id).delete()
        record(context="identity", action=f"second_factor.{change}", object_type="user", object_id=user_id)
        publish(SecondFactorChanged(aggregate_id=user_id, change=change))
        revoke_access(user_id=user_id, reason="second_factor", except_session=keep)
