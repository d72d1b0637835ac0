"""Erasure: asked for, carried out by every context, complete once all have answered and the keys are destroyed."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.freshness import fresh_second_factor
from config.kernel.db import context_labels
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.outbox import publish
from config.kernel.privacy.erasure import erase_rows
from identity.adapters import export_files
from identity.db import atomic, now
from identity.domain.roles import needs_second_factor
from identity.domain.state_machines import ErasureState
from identity.events import ErasureCompleted, ErasureRequested
from identity.models import Erasure, Export, LegalHold, User
from identity.queries import merged_aliases, roles_of
from identity.services.keys.crypto_shredding import destroy_keys
from identity.services.privacy.privacy_dto import ErasureDTO, LegalHoldDTO
from identity.services.sign_in.revocation import revoke_access

ASK_AGAIN_AFTER = timedelta(minutes=10)
_HOLDERS = ("privacy_officer", "administrator")


def request_erasure(*, principal: Principal, user_id: UUID) -> ErasureDTO:
    """Erase a patient: by themselves, or by an administrator on their wish; needs a fresh proof of who asks.

    ``Conflict`` while a legal hold stands, and for specialists and staff, whose signatures others rely on. The account
    is closed at once; the rest follows within minutes.
    """
    asker = fresh_second_factor(_entitled(principal, user_id))
    with atomic():
        user = User.objects.select_for_update().filter(id=user_id).first()
        if user is None:
            raise NotFound("There is no such account.")
        if LegalHold.objects.filter(user_id__in=[user_id, *merged_aliases(user_id)], ended_at=None).exists():
            raise Conflict("A legal hold stands; the privacy officer can say why.", code="legal_hold")
        if needs_second_factor(roles_of([user_id])[user_id]):
            raise Conflict(
                "Accounts of specialists and staff are closed, not erased: others rely on what they signed.",
                code="account_signs",
            )
        return begin_erasure(user_id=user_id, asked_by=asker)


def begin_erasure(*, user_id: UUID, asked_by: UUID) -> ErasureDTO:
    """Close the account and ask every context; once begun it stays begun. Inside ``atomic()``.

    Accounts that were joined with it go with it: they are the same person's.
    """
    for alias in merged_aliases(user_id):
        begin_erasure(user_id=alias, asked_by=asked_by)
    row, made = Erasure.objects.get_or_create(
        user_id=user_id, defaults={"requested_by": asked_by, "asked_at": now(), "waiting_for": _others()}
    )
    if made:
        User.objects.filter(id=user_id).update(is_active=False)
        revoke_access(user_id=user_id, reason="erasure")
        _note("erasure.request", user_id)
        publish(ErasureRequested(aggregate_id=user_id))
    return _dto(row)


def get_erasure(*, principal: Principal, user_id: UUID) -> ErasureDTO:
    """How far it is."""
    _entitled(principal, user_id)
    row = Erasure.objects.filter(user_id=user_id).first()
    if row is None:
        raise NotFound("No erasure was asked for.")
    return _dto(row)


def context_erased(*, context: str, user_id: UUID) -> None:
    """A context has answered; with the last one, identity erases its own part and destroys the keys."""
    with atomic():
        row = Erasure.objects.select_for_update().filter(user_id=user_id, state=ErasureState.RUNNING).first()
        if row is None:
            return
        row.waiting_for = [name for name in row.waiting_for if name != context]
        row.save(update_fields=["waiting_for", "updated_at"])
        if row.waiting_for:
            return
        _erase_account(user_id)
        advance(row, ErasureState.DONE, completed_at=now())
        _note("erasure.complete", user_id)
        publish(ErasureCompleted(aggregate_id=user_id))


def ask_again() -> int:
    """Ask the contexts again that have not answered for ten minutes; returns for how many people."""
    late = Erasure.objects.filter(state=ErasureState.RUNNING, asked_at__lt=now() - ASK_AGAIN_AFTER)
    asked = 0
    for row_id in late.values_list("id", flat=True):
        with atomic():
            row = late.select_for_update(skip_locked=True).filter(id=row_id).first()
            if row is not None:
                row.asked_at = now()
                row.save(update_fields=["asked_at", "updated_at"])
                publish(ErasureRequested(aggregate_id=row.user_id))
                asked += 1
    return asked


def place_legal_hold(*, principal: Principal, user_id: UUID, reason: str) -> LegalHoldDTO:
    """Keep everything of a person, whatever is asked."""
    _require_holder(principal)
    by = fresh_second_factor(principal)
    try:
        with atomic():
            if Erasure.objects.filter(user_id=user_id).exists():
                raise Conflict("The erasure has begun.", code="erasure_begun")
            if not User.objects.filter(id=user_id).exists():
                raise NotFound("There is no such account.")
            row = LegalHold.objects.create(user_id=user_id, reason=reason[:200], placed_by=by)
            _note("legal_hold.place", user_id)
    except IntegrityError as error:
        raise Conflict("A legal hold stands already.", code="legal_hold") from error
    return LegalHoldDTO(
        id=row.id, user_id=row.user_id, reason=row.reason, placed_at=row.created_at, ended_at=row.ended_at
    )


def end_legal_hold(*, principal: Principal, user_id: UUID) -> None:
    """Let go again."""
    _require_holder(principal)
    by = fresh_second_factor(principal)
    with atomic():
        ended = LegalHold.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now(), ended_by=by)
        if not ended:
            raise NotFound("No legal hold stands.")
        _note("legal_hold.end", user_id)


def _erase_account(user_id: UUID) -> None:
    for export_id in Export.objects.filter(user_id=user_id).values_list("id", flat=True):
        export_files.delete(export_id)
    erase_rows("identity", user_id)
    User.objects.filter(id=user_id).update(email=f"erased-{user_id}@invalid", password="!", email_verified_at=None)
    destroy_keys(subject_id=user_id)


def _entitled(principal: Principal, user_id: UUID) -> Principal:
    if principal.require_user_id() != user_id and not principal.has("administrator"):
        if principal.is_staff_member:
            raise Forbidden("The person asks for it, or an administrator for them.", code="role_forbidden")
        raise NotFound("There is no such account for you.")
    return principal


def _require_holder(principal: Principal) -> None:
    if not principal.has(*_HOLDERS):
        raise Forbidden("The privacy officer or an administrator does this.", code="role_forbidden")


def _others() -> list[str]:
    return sorted(set(context_labels()) - {"identity"})


def _note(action: str, user_id: UUID) -> None:
    record(context="identity", action=action, patient_id=user_id, object_type="user", object_id=user_id)


def _dto(row: Erasure) -> ErasureDTO:
    return ErasureDTO(
        user_id=row.user_id,
        state=row.state,
        waiting_for=tuple(row.waiting_for),
        requested_at=row.created_at,
        completed_at=row.completed_at,
    )
