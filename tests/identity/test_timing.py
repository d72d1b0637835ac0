"""No answer tells by its time whether an address is known: one password hash is computed for every caller.

The count is exact. The times are the processor's, compared by their minima: other work on the machine does not
raise them. What a caller can measure over HTTP is compared by ``test_enumeration.py``.
"""

import time
from collections.abc import Callable, Iterator
from unittest import mock
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings

from config.kernel.errors import Unauthenticated
from identity import services
from identity.models import User
from tests.factories import PASSWORD, make_account
from tests.observations import verify_credentials

pytestmark = [pytest.mark.django_db, pytest.mark.real_hashes]
ROUNDS = 12


class Hashes:
    """Counts how many password hashes are computed."""

    count = 0


@pytest.fixture
def hashes() -> Iterator[Hashes]:
    counter = Hashes()

    def counted(method: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            counter.count += 1
            return method(*args, **kwargs)

        return call

    hasher = Argon2PasswordHasher
    with mock.patch.multiple(hasher, encode=counted(hasher.encode), verify=counted(hasher.verify)):
        yield counter


def _inactive() -> str:
    account = make_account()
    User.objects.filter(id=account.id).update(is_active=False)
    return account.email


def _addresses() -> dict[str, str]:
    return {
        "known": make_account().email,
        "unknown": "nobody@example.org",
        "inactive": _inactive(),
        "unconfirmed": make_account(email_verified=False).email,
        "staff": make_account("nurse").email,
    }


def _try(email: str) -> None:
    # Every try is somebody's first, so that no limit answers in the place of the check.
    with override_settings(LIMITS_PREFIX=f"test:{uuid4().hex}"), pytest.raises(Unauthenticated):
        verify_credentials(email=email, password="a wrong long phrase")


def _register(email: str) -> None:
    services.register_patient(email=email, password=PASSWORD, full_name="Nora Brandt")


def test_signing_in_computes_one_hash_for_every_address(hashes: Hashes) -> None:
    for kind, email in _addresses().items():
        hashes.count = 0
        _try(email)
        assert hashes.count == 1, kind


def test_registering_computes_one_hash_for_every_address(hashes: Hashes) -> None:
    for kind, email in _addresses().items():
        hashes.count = 0
        _register(email)
        assert hashes.count == 1, kind


def test_asking_for_a_reset_computes_none(hashes: Hashes) -> None:
    addresses = _addresses()
    hashes.count = 0
    for email in addresses.values():
        services.request_password_reset(email=email)
    assert hashes.count == 0


def test_signing_in_takes_the_same_time_for_every_address() -> None:
    addresses = _addresses()
    best = dict.fromkeys(addresses, 9.0)
    for _ in range(ROUNDS):
        for kind, email in addresses.items():
            best[kind] = min(best[kind], _seconds(_try, email))
    assert max(best.values()) < 1.15 * min(best.values()), _shown(best)


def test_registering_takes_the_same_time_for_known_and_unknown_addresses() -> None:
    known = make_account().email
    best = {"known": 9.0, "unknown": 9.0}
    for number in range(ROUNDS):
        best["known"] = min(best["known"], _seconds(_register, known))
        best["unknown"] = min(best["unknown"], _seconds(_register, f"fresh{number}@example.org"))
    assert max(best.values()) < 1.15 * min(best.values()), _shown(best)


def _seconds(act: Callable[[str], None], email: str) -> float:
    # The processor's time, all threads of the hash included: other programs of the machine do not stand in it.
    started = time.process_time()
    act(email)
    return time.process_time() - started


def _shown(best: dict[str, float]) -> str:
    return ", ".join(f"{kind} {seconds * 1000:.1f} ms" for kind, seconds in best.items())
