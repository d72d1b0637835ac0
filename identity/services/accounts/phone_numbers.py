"""A telephone number that text messages may go to: proved by a code sent there, and by nothing else."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import Place, blind_index, open_text, seal_text
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, FieldError, Invalid
from config.kernel.limits import per_subject, spend
from config.kernel.outbox import publish
from config.kernel.phone_numbers import e164
from config.kernel.ports import TEXT_MESSAGES
from identity.db import atomic, now
from identity.domain.totp import plain_code
from identity.events import PhoneConfirmed, PhoneVerificationRequested
from identity.models import PhoneVerification, User
from identity.services.keys.data_keys import data_key, data_keys

LIFETIME = timedelta(minutes=10)
MAX_TRIES = 5
# Whoever may have codes sent to any number spends our money, and rings at strangers.
ASKED = per_subject("phone-codes-asked", 3, hours=1, strict=True)
ASKED_IN_A_DAY = per_subject("phone-codes-day", 6, hours=24, strict=True)
GUESSED = per_subject("phone-code", 15, hours=1, strict=True, guessing=True)


@dataclass(frozen=True, kw_only=True)
class PhoneDTO:
    """The number that a person has proved, and since when; both empty where there is none."""

    number: str = field(default="", repr=False)
    confirmed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PhoneCode:
    """What is to be sent to a number, to prove it."""

    user_id: UUID
    number: str = field(repr=False)
    code: str = field(repr=False)
    locale: str


def request_phone_verification(*, principal: Principal, number: str) -> None:
    """Have a code sent to a number, that ends an earlier one. ``TooMany`` beyond what an account or a number gets."""
    user_id = principal.require_user_id()
    if not TEXT_MESSAGES.ask():
        raise Conflict("Text messages are not set up here.", code="channel_off")
    user = User.objects.only("id", "country").get(id=user_id)
    address = e164(number, region=user.country)
    if address is None:
        advice = "Give the number of a mobile telephone with its country's code: +4915112345678."
        raise Invalid("This number takes no text messages.", errors=[FieldError("#/number", "invalid", advice)])
    spend(*(limit.of(one) for limit in (ASKED, ASKED_IN_A_DAY) for one in (user_id, address)))
    row_id = uuid7()
    with atomic():
        # One asks at a time, so that one code is waited for.
        User.objects.select_for_update().only("id").get(id=user_id)
        PhoneVerification.objects.filter(user_id=user_id, confirmed_at=None, ended_at=None).update(ended_at=now())
        sealed = seal_text(data_key(subject_id=user_id), _place(row_id), address)
        PhoneVerification.objects.create(id=row_id, user_id=user_id, number_sealed=sealed)
        _audit("phone.asked", user_id)
        publish(PhoneVerificationRequested(aggregate_id=user_id, request_id=row_id))


def issue_phone_code(*, request_id: UUID) -> PhoneCode | None:
    """The code of a request, made now and given out once; ``None`` when it was, or nobody waits for it any more."""
    code = f"{secrets.randbelow(10**6):06}"
    with atomic():
        taken = PhoneVerification.objects.filter(
            id=request_id, code_hash=None, confirmed_at=None, ended_at=None, created_at__gt=now() - LIFETIME
        ).update(code_hash=_digest(request_id, code), expires_at=now() + LIFETIME)
        if not taken:
            return None
        row = PhoneVerification.objects.get(id=request_id)
    number = open_text(data_key(subject_id=row.user_id), _place(row.id), row.number_sealed)
    locale = User.objects.values_list("locale", flat=True).get(id=row.user_id)
    return PhoneCode(user_id=row.user_id, number=number, code=code, locale=locale)


def confirm_phone(*, principal: Principal, code: str) -> PhoneDTO:
    """Take the number whose code this is; ``Invalid`` for a wrong code, after five of which it has ended."""
    user_id = principal.require_user_id()
    spend(GUESSED.of(user_id))
    with atomic():
        row = PhoneVerification.objects.filter(user_id=user_id, confirmed_at=None, ended_at=None).first()
        if row is None:
            raise Conflict("No number waits for its code; ask for one first.", code="no_code_waiting")
        waiting = PhoneVerification.objects.filter(id=row.id, tries__lt=MAX_TRIES, expires_at__gt=now(), ended_at=None)
        tried = waiting.exclude(code_hash=None).update(tries=F("tries") + 1)
    # The try is written down before the answer is known, in a transaction of its own.
    if not tried or not hmac.compare_digest(bytes(row.code_hash or b""), _digest(row.id, plain_code(code))):
        advice = "Give the six digits of the newest message, within ten minutes and five tries."
        raise Invalid("This code is wrong or has ended.", errors=[FieldError("#/code", "invalid", advice)])
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        PhoneVerification.objects.filter(active_for=user_id).update(active_for=None, ended_at=now())
        taken = PhoneVerification.objects.filter(id=row.id, confirmed_at=None, ended_at=None).update(
            confirmed_at=now(), active_for=user_id, code_hash=None
        )
        if not taken:
            raise Conflict("This code was used, or a newer one was asked for.", code="no_code_waiting")
        _audit("phone.confirmed", user_id)
        publish(PhoneConfirmed(aggregate_id=user_id))
    return get_phone(principal=principal)


def get_phone(*, principal: Principal) -> PhoneDTO:
    """The caller's proved number."""
    row = _confirmed([principal.require_user_id()]).first()
    if row is None:
        return PhoneDTO()
    number = open_text(data_key(subject_id=row.user_id), _place(row.id), row.number_sealed)
    return PhoneDTO(number=number, confirmed_at=row.confirmed_at)


def remove_phone(*, principal: Principal) -> None:
    """No text message goes there any more, nor to a number that waits for its code."""
    user_id = principal.require_user_id()
    with atomic():
        PhoneVerification.objects.filter(user_id=user_id, ended_at=None).update(active_for=None, ended_at=now())
        _audit("phone.removed", user_id)


def verified_phones(*, user_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The proved numbers (E.164) of those who have one; people whose keys were destroyed are absent."""
    rows = list(_confirmed(user_ids))
    keys = data_keys(subject_ids=[row.user_id for row in rows])
    return {
        row.user_id: open_text(keys[row.user_id], _place(row.id), row.number_sealed)
        for row in rows
        if row.user_id in keys
    }


def _confirmed(user_ids: Iterable[UUID]) -> QuerySet[PhoneVerification]:
    return PhoneVerification.objects.filter(active_for__in=list(user_ids))


def _digest(request_id: UUID, code: str) -> bytes:
    return blind_index("phone-code", f"{request_id}\x1f{code}")


def _place(row_id: UUID) -> Place:
    return Place("identity_phoneverification", "number", row_id)


def _audit(action: str, user_id: UUID) -> None:
    record(context="identity", action=action, patient_id=user_id, object_type="user", object_id=user_id)
