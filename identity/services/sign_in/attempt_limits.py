"""How often somebody may try to sign in. The lock is soft: it never shuts the owner out for longer than 15 minutes.

Wrong passwords and codes are counted for the account, whoever gives them. A device that the account has signed in
from before has a count of its own, which strangers cannot use up; and a right code of the second factor opens the
way to the password even while the account's count is full.

Whoever counts a try has asked the database before: one that is away uses up nobody's tries.
"""

from dataclasses import dataclass
from uuid import UUID

from config.kernel.errors import TooMany
from config.kernel.limits import Counter, give_back, per_network, per_subject, spend
from config.kernel.outbox import publish
from identity.db import atomic
from identity.events import SignInAttacked

FROM_NETWORK = per_network("login", 30, minutes=1, strict=True, guessing=True)
PASSWORDS = per_subject("passwords", 5, minutes=15, strict=True, guessing=True)
PASSWORDS_KNOWN = per_subject("passwords-known", 5, minutes=15, strict=True, guessing=True)
# With a right code of the second factor beside it, a guess is worth a millionth.
TOGETHER = per_subject("passwords-with-code", 2000, minutes=15, strict=True, guessing=True)
CODES = per_subject("codes", 5, minutes=15, strict=True, guessing=True)
CODES_KNOWN = per_subject("codes-known", 5, minutes=15, strict=True, guessing=True)
PENDING = per_subject("pending", 5, minutes=5, strict=True, guessing=True)
OWN_PASSWORD = per_subject("own-password", 5, minutes=15, strict=True, guessing=True)
ATTACK_TOLD = per_subject("attack-told", 1, hours=24)


@dataclass(frozen=True, kw_only=True)
class PasswordTry:
    """A counted try. ``refusal``: the account's count is full, so that a code must open the way to the password."""

    counter: Counter
    last: bool = False
    refusal: TooMany | None = None


def begin_password_try(address: str, known: str) -> PasswordTry:
    """Count a try; ``known`` is the id of a device known to the account, or empty. ``TooMany``: the network is full."""
    counter = PASSWORDS_KNOWN.of(f"{address}|{known}") if known else PASSWORDS.of(address)
    try:
        standings = spend(FROM_NETWORK.of_network(), counter)
    except TooMany as refusal:
        # Which of the two was full: a full network ends it here, the account's count does not.
        spend(FROM_NETWORK.of_network())
        return PasswordTry(counter=counter, refusal=refusal)
    return PasswordTry(counter=counter, last=standings[-1].remaining == 0)


def begin_try_with_code(address: str) -> None:
    """Count a try of password and code together, while the account's count is full; ``TooMany`` beyond."""
    spend(TOGETHER.of(address))


def password_was_right(a_try: PasswordTry) -> None:
    """It was no try to be counted."""
    if a_try.refusal is None:
        give_back(a_try.counter)


def password_was_wrong(a_try: PasswordTry, user_id: UUID | None) -> None:
    """After the last try of a window the owner is told, at most once a day."""
    if not a_try.last or user_id is None:
        return
    try:
        spend(ATTACK_TOLD.of(user_id))
    except TooMany:
        return
    try:
        with atomic():
            publish(SignInAttacked(aggregate_id=user_id))
    except Exception:
        # Nobody was told.
        give_back(ATTACK_TOLD.of(user_id))
        raise


def may_try_code(user_id: UUID, known: str) -> None:
    """Count a six-digit code; ``TooMany`` when its count is full."""
    spend(_code_counter(user_id, known))


def code_was_right(user_id: UUID, known: str) -> None:
    """It was no try to be counted."""
    give_back(_code_counter(user_id, known))


def may_use_pending(token_id: str) -> None:
    """Count a use of a pending sign-in; ``TooMany`` after five, until it has ended."""
    spend(PENDING.of(token_id))


def may_try_own_password(user_id: UUID) -> None:
    """Count a password that a signed-in user gives again."""
    spend(OWN_PASSWORD.of(user_id))


def own_password_was_right(user_id: UUID) -> None:
    """It was no try to be counted."""
    give_back(OWN_PASSWORD.of(user_id))


def _code_counter(user_id: UUID, known: str) -> Counter:
    return CODES_KNOWN.of(f"{user_id}|{known}") if known else CODES.of(user_id)
