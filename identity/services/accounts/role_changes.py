"""Giving and taking roles: one administrator asks, a second one decides, and neither of them is the user."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.auth.second_person import has_ended, require_second_person
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.roles import ROLES, STAFF_ROLES
from identity.events import RoleChanged
from identity.models import RoleChange, RoleGrant, User
from identity.queries import roles_of
from identity.services.dto import RoleChangeDTO
from identity.services.sign_in.revocation import revoke_access

LIFETIME = timedelta(days=7)
MIN_REASON_LENGTH = 10


def request_role_change(*, principal: Principal, user_id: UUID, role: str, granted: bool, reason: str) -> RoleChangeDTO:
    """Ask to give a user a role (``granted``), or to take it. Administrators only, freshly proved, not for themselves.

    ``Invalid`` for an unknown role or a short reason, ``Conflict`` when nothing would change, it is asked already, or
    nobody has confirmed the account's address.
    """
    asker = _administrator(principal)
    if asker == user_id:
        raise Forbidden("Nobody changes their own roles.", code="own_roles")
    _check(role, reason.strip())
    try:
        with atomic():
            user = User.objects.select_for_update().filter(id=user_id).first()
            if user is None:
                raise NotFound("There is no such account.")
            if user.email_verified_at is None:
                raise Conflict("Its address is not confirmed: nobody knows whose it is.", code="email_unverified")
            if (role in roles_of([user_id])[user_id]) == granted:
                raise Conflict("The user holds this role already, or does not hold it.", code="role_unchanged")
            stale = RoleChange.objects.filter(user_id=user_id, role=role, decided_at=None, expires_at__lte=now())
            stale.update(decided_at=now(), approved=False)
            row = RoleChange.objects.create(
                user_id=user_id,
                role=role,
                granted=granted,
                reason=reason.strip(),
                requested_by=asker,
                expires_at=now() + LIFETIME,
            )
            _audit("role.request", row)
    except IntegrityError as error:
        raise Conflict("This change waits for its second administrator already.", code="role_change_open") from error
    return _dto(row)


def decide_role_change(*, principal: Principal, change_id: UUID, approve: bool) -> RoleChangeDTO:
    """Approve or refuse an open change, as another administrator than its asker and its user, freshly proved.

    Approved, the role is given or taken, and the user's sessions end within a second.
    """
    decider = _administrator(principal)
    with atomic():
        row = RoleChange.objects.select_for_update().filter(id=change_id).first()
        if row is None:
            raise NotFound("There is no such change.")
        if row.decided_at is not None or has_ended(row.expires_at):
            raise Conflict("This change was decided, or has ended; ask again.", code="role_change_closed")
        require_second_person(
            decider, not_one_of=(row.requested_by, row.user_id), why="Another administrator must decide this."
        )
        row.decided_by, row.decided_at, row.approved = decider, now(), approve
        row.save(update_fields=["decided_by", "decided_at", "approved", "updated_at"])
        _audit("role.approve" if approve else "role.refuse", row)
        if approve:
            _apply(row, decider)
    return _dto(row)


def list_role_changes(*, principal: Principal) -> tuple[RoleChangeDTO, ...]:
    """The latest hundred changes, open ones among them, newest first. For administrators and the privacy officer."""
    if not principal.has("administrator", "privacy_officer"):
        raise Forbidden("Your role does not allow this.", code="role_forbidden")
    with atomic():
        record(context="identity", action="role.list", object_type="role_change")
        return tuple(_dto(row) for row in RoleChange.objects.order_by("-id")[:100])


def _apply(row: RoleChange, decider: UUID) -> None:
    if row.granted:
        RoleGrant.objects.get_or_create(user_id=row.user_id, role=row.role, defaults={"granted_by": decider})
    else:
        RoleGrant.objects.filter(user_id=row.user_id, role=row.role).delete()
    held = roles_of([row.user_id])[row.user_id]
    User.objects.filter(id=row.user_id).update(is_staff=not held.isdisjoint(STAFF_ROLES))
    publish(RoleChanged(aggregate_id=row.user_id, role=row.role, granted=row.granted))
    revoke_access(user_id=row.user_id, reason="role")


def _administrator(principal: Principal) -> UUID:
    if not principal.has("administrator"):
        raise Forbidden("Your role does not allow this.", code="role_forbidden")
    return fresh_second_factor(principal)


def _check(role: str, reason: str) -> None:
    errors = []
    if role not in ROLES:
        errors.append(FieldError("#/role", "unknown", "There is no such role."))
    if len(reason) < MIN_REASON_LENGTH:
        errors.append(FieldError("#/reason", "too_short", f"Say in at least {MIN_REASON_LENGTH} characters why."))
    if errors:
        raise Invalid("The change cannot be asked for like this.", errors=errors)


def _audit(action: str, row: RoleChange) -> None:
    record(
        context="identity",
        action=action,
        patient_id=row.user_id,
        object_type="role_change",
        object_id=row.id,
        detail={"role": row.role, "granted": row.granted},
    )


def _dto(row: RoleChange) -> RoleChangeDTO:
    state = "open" if row.decided_at is None else "approved" if row.approved else "refused"
    if state == "open" and row.expires_at <= now():
        state = "expired"
    return RoleChangeDTO(
        id=row.id,
        user_id=row.user_id,
        role=row.role,
        granted=row.granted,
        reason=row.reason,
        requested_by=row.requested_by,
        decided_by=row.decided_by,
        state=state,
        expires_at=row.expires_at,
    )
