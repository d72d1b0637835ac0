"""Changing one's own password and address."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.db.models import F

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.crypto import Place, open_text, seal_text
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, Invalid, NotFound
from config.kernel.limits import spend
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.mail_addresses import plain_address
from identity.domain.passwords import normalise
from identity.domain.roles import needs_second_factor
from identity.events import EmailChanged, EmailChangeRequested, PasswordChanged, RegistrationRepeated
from identity.models import EmailChange, User
from identity.queries import open_profile, roles_of
from identity.services.account_reads import get_account
from identity.services.accounts.accounts import require_good_password
from identity.services.accounts.confirmation import begin_anew, erase_waiting, lock_rivals, remove_factors_from_before
from identity.services.accounts.email_links import BAD_LINK, find_link, redeem
from identity.services.accounts.mail_allowances import allowance
from identity.services.dto import AccountDTO, EmailChangeDTO
from identity.services.keys.data_keys import data_key
from identity.services.sign_in.devices import RememberedDevice, remember_device
from identity.services.sign_in.revocation import revoke_access
from identity.services.sign_in.second_factor import has_second_factor
from identity.services.sign_in.sign_in import verify_own_password

LIFETIME = timedelta(minutes=60)


def change_password(*, principal: Principal, new_password: str, current_password: str = "") -> None:
    """Set another password: with the present one, or after a step-up. Other sessions end, and the user is told."""
    user_id = principal.require_user_id()
    if current_password:
        verify_own_password(user_id=user_id, password=current_password)
    else:
        fresh_second_factor(principal)
    set_password(user_id, new_password, keep=principal.session_id, reset=False)


def set_password(user_id: UUID, password: str, *, keep: UUID | None, reset: bool) -> None:
    """Judge and store a password; ends all sessions but ``keep``. ``Invalid`` with advice for a weak one."""
    user = User.objects.get(id=user_id)
    strong = needs_second_factor(roles_of([user_id])[user_id]) or has_second_factor(user_id=user_id)
    name = str(open_profile(user, data_key(subject_id=user_id))["full_name"])
    require_good_password(password, second_factor=strong, about=(user.email, name))
    encoded = make_password(normalise(password))
    with atomic():
        User.objects.filter(id=user_id).update(password=encoded, version=F("version") + 1)
        action = "password.reset" if reset else "password.change"
        record(context="identity", action=action, object_type="user", object_id=user_id)
        publish(PasswordChanged(aggregate_id=user_id, reset=reset))
        revoke_access(user_id=user_id, reason="password", except_session=keep)


def reset_password(*, token: str, password: str, device_token: str = "") -> RememberedDevice:
    """Set a new password by a link; every session ends, and a second factor of the owner's stays as it is.

    Whoever holds the link reads the owner's mail: their device is known from now on, so that the owner gets in
    even while strangers use up the account's tries. Where nobody has proved the mailbox before, this is the proof.
    """
    try:
        with atomic():
            lock_rivals(find_link(token, "reset").user_id)
            user = redeem(token, "reset").user
            user_id = user.id
            if user.email_verified_at is None:
                user_id = begin_anew(user_id)
            else:
                remove_factors_from_before(user)
            set_password(user_id, password, keep=None, reset=True)
            return remember_device(user_id=user_id, device_token=device_token)
    except (IntegrityError, Conflict) as error:
        # The address was confirmed for another registration in the meantime.
        raise Invalid(BAD_LINK, code="link_invalid") from error


def request_email_change(*, principal: Principal, email: str) -> None:
    """Ask for another address, after a step-up: a link goes to it, and a notice to the present one.

    An address that has an account already gets no link; its owner is told. The caller sees no difference.
    ``TooMany`` when the address has had its mails of this hour.
    """
    user_id, address = fresh_second_factor(principal), plain_address(email)
    change_id = uuid7()
    spend(allowance("change", address))
    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if user.email == address:
            raise Invalid("This is your address already.", code="email_same")
        key = data_key(subject_id=user_id)
        EmailChange.objects.create(
            id=change_id,
            user=user,
            old_sealed=seal_text(key, _place("old", change_id), user.email),
            new_sealed=seal_text(key, _place("new", change_id), address),
        )
        record(context="identity", action="email.change_asked", object_type="user", object_id=user_id)
        owner = User.objects.confirmed().filter(email=address).only("id").first()
        if owner is not None:
            publish(RegistrationRepeated(aggregate_id=owner.id))
        else:
            publish(EmailChangeRequested(aggregate_id=user_id, request_id=change_id))


def confirm_email_change(*, token: str, password: str) -> AccountDTO:
    """Take the new address, by the link that was sent to it and the account's password.

    The link alone would let somebody have a stranger's mailbox joined with their own account. Sessions end, the old
    address is told, and registrations of the new one that wait are erased.
    """
    verify_own_password(user_id=find_link(token, "change").user_id, password=password)
    try:
        with atomic():
            link = redeem(token, "change")
            change = (
                EmailChange.objects.select_for_update()
                .filter(user_id=link.user_id, confirmed_at=None)
                .filter(id__in=[link.about] if link.about else [])
                .first()
            )
            if change is None or now() - change.created_at > LIFETIME:
                raise Invalid(BAD_LINK, code="link_invalid")
            key = data_key(subject_id=link.user_id)
            address = open_text(key, _place("new", change.id), change.new_sealed)
            User.objects.filter(id=link.user_id).update(email=address, version=F("version") + 1)
            erase_waiting(address, asked_by=link.user_id)
            EmailChange.objects.filter(id=change.id).update(confirmed_at=now())
            record(context="identity", action="email.change", object_type="user", object_id=link.user_id)
            publish(EmailChanged(aggregate_id=link.user_id, request_id=change.id))
            revoke_access(user_id=link.user_id, reason="email")
    except IntegrityError as error:
        # Somebody took the address in the meantime.
        raise Invalid(BAD_LINK, code="link_invalid") from error
    return get_account(user_id=link.user_id)


def get_email_change(*, request_id: UUID) -> EmailChangeDTO:
    """The two addresses of a wish, for the mails about it; ``NotFound`` when it is gone."""
    change = EmailChange.objects.filter(id=request_id).first()
    if change is None:
        raise NotFound("There is no such change.")
    key = data_key(subject_id=change.user_id)
    return EmailChangeDTO(
        old=open_text(key, _place("old", change.id), change.old_sealed),
        new=open_text(key, _place("new", change.id), change.new_sealed),
    )


def _place(column: str, row_id: UUID) -> Place:
    return Place("identity_emailchange", column, row_id)
