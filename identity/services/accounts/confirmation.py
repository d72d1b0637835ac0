"""The first proof of a mailbox makes a registration an account; nothing that is older than the proof survives it.

Whoever registers an address need not own it. So a link alone confirms nothing: it shows who reads the mailbox, and the
password given with it shows which registration is theirs. What stands in an account from before the proof (sessions,
factors, devices, keys of programs, permissions, changes that wait) was put there by nobody known, and ends; the other
registrations of the address are erased.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.db.models import F, Q

from config.kernel.audit import record
from config.kernel.db.states import advance_all
from config.kernel.errors import FieldError, Invalid
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.mail_addresses import plain_address
from identity.domain.passwords import normalise
from identity.domain.state_machines import ProxyState
from identity.events import EmailVerified, SecondFactorChanged
from identity.models import (
    EmailChange,
    EmailToken,
    KnownDevice,
    Passkey,
    PasskeyChallenge,
    Proxy,
    RecoveryDevice,
    ServiceKey,
    TotpSecret,
    User,
)
from identity.services.account_reads import get_account
from identity.services.accounts.accounts import insert_account
from identity.services.accounts.email_links import BAD_LINK, find_link, redeem
from identity.services.dto import AccountDTO
from identity.services.privacy.erasure import begin_erasure
from identity.services.sign_in.attempt_limits import may_try_own_password, own_password_was_right
from identity.services.sign_in.password_hashes import password_matches
from identity.services.sign_in.revocation import revoke_access

# Beside the link's own, this many registrations of the address are compared with the password, newest first: each
# costs a password hash, and five tries in 15 minutes are counted for a link's registration.
MAX_COMPARED = 20
_NOBODY: dict[str, Any] = {"full_name": "", "date_of_birth": None, "sex": None, "phone": ""}


def verify_email(*, token: str, password: str) -> AccountDTO:
    """Confirm the address that the link was sent to, for the registration that was made with ``password``.

    ``Invalid`` for a link that is used, late or not ours, and (``password_wrong``, the link stays) where no
    registration of the address has this password.
    """
    link = find_link(token, "verify")
    may_try_own_password(link.user_id)
    user_id = _registered_with(link.user, normalise(password))
    if user_id is None:
        detail = "Nobody registered this address with this password. If you did, register again and use the new link."
        raise Invalid(detail, code="password_wrong", errors=[FieldError("#/password", "password_wrong", detail)])
    own_password_was_right(link.user_id)
    try:
        with atomic():
            lock_rivals(user_id)
            redeem(token, "verify")
            confirm_address(user_id)
    except IntegrityError as error:
        # The address was confirmed for another registration in the meantime.
        raise Invalid(BAD_LINK, code="link_invalid") from error
    return get_account(user_id=user_id)


def find_registration(*, email: str, password: str, role: str) -> AccountDTO | None:
    """The newest registration of the address that waits, for a role and made with ``password``.

    One password hash is computed for every caller, so that nobody learns whether there is one.
    """
    rows = User.objects.waiting().filter(email=plain_address(email), role_grants__role=role)
    user = rows.first()
    return get_account(user_id=user.id) if password_matches(user, normalise(password)) and user else None


def confirm_address(user_id: UUID) -> None:
    """The mailbox is proved: the registration becomes the account of its address. Inside ``atomic()``."""
    address = _lock_waiting(user_id).email
    _end_what_is_older(user_id)
    User.objects.filter(id=user_id).update(email_verified_at=now(), version=F("version") + 1)
    _note_proof(user_id)
    erase_waiting(address, asked_by=user_id)


def begin_anew(user_id: UUID) -> UUID:
    """The mailbox is proved by somebody who may have made none of its registrations. Inside ``atomic()``.

    All of them end, with whatever they say (names, places, roles, profiles of specialists); the owner has a patient's
    account without a name, whose password is still to be set. Returns its id.
    """
    address = _lock_waiting(user_id).email
    for waiting in User.objects.waiting().filter(email=address).values_list("id", flat=True):
        _end_what_is_older(waiting)
    mine = insert_account(
        address, make_password(None), dict(_NOBODY), {}, roles=frozenset({"patient"}), email_verified=True
    )
    _note_proof(mine)
    erase_waiting(address, asked_by=mine)
    return mine


def lock_rivals(user_id: UUID) -> list[User]:
    """All accounts and registrations of the address, locked in one order. Inside ``atomic()``.

    Before the link is redeemed: two proofs of one mailbox end each other's links, so they wait for each other here.
    """
    address = User.objects.values_list("email", flat=True).get(id=user_id)
    return list(User.objects.select_for_update().filter(email=address).order_by("id"))


def _lock_waiting(user_id: UUID) -> User:
    """The registration, its rivals locked with it; ``Invalid`` when somebody proved the mailbox in the meantime."""
    mine = next(user for user in lock_rivals(user_id) if user.id == user_id)
    if mine.email_verified_at is not None or not mine.is_active:
        raise Invalid(BAD_LINK, code="link_invalid")
    return mine


def _note_proof(user_id: UUID) -> None:
    record(context="identity", action="email.verify", patient_id=user_id, object_type="user", object_id=user_id)
    publish(EmailVerified(aggregate_id=user_id))


def erase_waiting(address: str, *, asked_by: UUID) -> None:
    """Somebody has proved the mailbox: registrations of it that wait are nobody's. Inside ``atomic()``."""
    for user_id in list(User.objects.waiting().filter(email=address).values_list("id", flat=True)):
        begin_erasure(user_id=user_id, asked_by=asked_by)


def remove_factors_from_before(user: User) -> None:
    """Second factors that are older than the proof of the mailbox are nobody's. Inside ``atomic()``."""
    older = [
        model._default_manager.filter(user=user, created_at__lt=user.email_verified_at).delete()[0]
        for model in (TotpSecret, Passkey, RecoveryDevice)
    ]
    if any(older):
        record(context="identity", action="second_factor.removed", object_type="user", object_id=user.id)
        publish(SecondFactorChanged(aggregate_id=user.id, change="removed"))


def _registered_with(first: User, text: str) -> UUID | None:
    """The registration of the link's address whose password this is: the link's own, or another that waits."""
    others = User.objects.waiting().filter(email=first.email).exclude(id=first.id)[:MAX_COMPARED]
    found = (user.id for user in (first, *others) if user.email_verified_at is None and password_matches(user, text))
    return next(found, None)


def _end_what_is_older(user_id: UUID) -> None:
    """Everything by which somebody could come in, or that would take effect later."""
    instant = now()
    for model in (TotpSecret, Passkey, PasskeyChallenge, RecoveryDevice, KnownDevice):
        model._default_manager.filter(user_id=user_id).delete()
    EmailChange.objects.filter(user_id=user_id, confirmed_at=None).delete()
    EmailToken.objects.filter(user_id=user_id, used_at=None).update(used_at=instant)
    ServiceKey.objects.filter(owner_id=user_id, ended_at=None).update(ended_at=instant, ended_by=user_id)
    proxies = Proxy.objects.filter(Q(patient_id=user_id) | Q(delegate_id=user_id))
    advance_all(proxies, ProxyState.REVOKED, ended_at=instant, ended_by=user_id)
    revoke_access(user_id=user_id, reason="first_proof")
