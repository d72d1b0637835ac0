"""Nobody learns from an answer whether an address has an account: not by its text, its headers, or its time."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from math import sqrt
from statistics import NormalDist, median
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import override_settings

from identity import services
from identity.models import User
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account
from tests.identity.test_password_change import old_hash

pytestmark = [pytest.mark.django_db, pytest.mark.real_hashes]
WRONG = "wrong " + PASSWORD
# `make check W=times`: 200 of each; here enough to see a gap of a tenth.
SAMPLES = int(os.environ.get("SOP_TIMES_SAMPLES", "60"))


def _people() -> dict[str, str]:
    """Addresses of every kind that a stranger may try."""
    inactive, deleted, old = make_account(), make_account(), make_account()
    User.objects.filter(id=inactive.id).update(is_active=False)
    User.objects.filter(id=deleted.id).delete()
    staff, known, unconfirmed = make_account("nurse"), make_account(), make_account(email_verified=False)
    services.seed_totp(user_id=staff.id, secret=TOTP_SECRET)
    # Hashed at this test's cost; one at half of it.
    User.objects.update(password=make_password(PASSWORD))
    User.objects.filter(id=old.id).update(password=old_hash(PASSWORD, memory=8 * 1024))
    return {
        "known": known.email,
        "unknown": "nobody@example.org",
        "inactive": inactive.email,
        "unconfirmed": unconfirmed.email,
        "deleted": deleted.email,
        "old hash": old.email,
        "staff": staff.email,
    }


def _register(email: str) -> Any:
    body = {"email": email, "password": PASSWORD, "full_name": "Nora Brandt", "date_of_birth": "1970-01-01"}
    return ApiClient().post("/auth/register", body)


def _log_in(email: str) -> Any:
    return ApiClient().post("/auth/login", {"email": email, "password": WRONG})


def _log_in_with_code(email: str) -> Any:
    return ApiClient().post("/auth/login", {"email": email, "password": WRONG, "code": "123456"})


def _forgot(email: str) -> Any:
    return ApiClient().post("/auth/forgot-password", {"email": email})


def _resend(email: str) -> Any:
    return ApiClient().post("/auth/resend-verification", {"email": email})


END_POINTS = {
    "register": _register,
    "login": _log_in,
    "second factor": _log_in_with_code,
    "forgot": _forgot,
    "resend": _resend,
}


def _seen(answer: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    """What a caller sees, without what names the request itself."""
    body = {name: value for name, value in answer.json().items() if name != "request_id"}
    headers = {name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Content-Length")}
    return answer.status_code, body, headers


def _asked(call: Callable[[str], Any], email: str) -> Any:
    # Every try is somebody's first, so that no limit answers in the place of what is compared.
    with override_settings(LIMITS_PREFIX=f"test:{uuid4().hex}"):
        return call(email)


@pytest.mark.parametrize("end_point", END_POINTS)
def test_answer_and_headers_are_the_same_for_every_address(end_point: str) -> None:
    answers = {kind: _seen(_asked(END_POINTS[end_point], email)) for kind, email in _people().items()}
    assert len(answers) == 7
    assert {kind: answer for kind, answer in answers.items() if answer != answers["unknown"]} == {}


@pytest.fixture
def _cheap_hashes() -> Iterator[None]:
    """A quarter of the work: what beside the hash differs would show four times as clearly."""
    with mock.patch.multiple(Argon2PasswordHasher, memory_cost=24 * 1024, parallelism=1):
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("_cheap_hashes")
@pytest.mark.parametrize("end_point", END_POINTS)
def test_times_are_the_same_for_every_address(end_point: str) -> None:
    people, call = _people(), END_POINTS[end_point]
    # A difference is there each time it is looked for; an accident of a busy machine is not.
    assert not (_told_apart(people, call) and (again := _told_apart(people, call))), again


def _told_apart(people: dict[str, str], call: Any) -> list[str]:
    """The kinds of address whose times differ from an unknown one's, each with how much."""
    times: dict[str, list[float]] = {kind: [] for kind in people}
    chosen, order = random.Random(20261123), list(people)
    for number in range(SAMPLES + 5):
        # By turns, in another order each time: whatever else the machine does falls on all of them alike.
        chosen.shuffle(order)
        for kind in order:
            fresh = people[kind] if kind != "unknown" else f"nobody{number}@example.org"
            started = time.perf_counter()
            _asked(call, fresh)
            # The first ones warm everything up.
            if number >= 5:
                times[kind].append(time.perf_counter() - started)
    found = []
    for kind, samples in times.items():
        gap = abs(median(samples) / median(times["unknown"]) - 1)
        # On a machine that does other things too, medians of equal work wander: a gap counts when it is no accident.
        if gap >= 0.10 and _accident(samples, times["unknown"]) <= 0.01:
            found.append(f"{kind}: {gap:.0%}")
    return found


def _accident(ours: list[float], theirs: list[float]) -> float:
    """The two-sided p value of Mann and Whitney, by the normal approximation (no ties among times)."""
    ranked = sorted([(value, True) for value in ours] + [(value, False) for value in theirs])
    ranks = sum(number for number, (_, mine) in enumerate(ranked, 1) if mine)
    n, m = len(ours), len(theirs)
    u, mean, spread = ranks - n * (n + 1) / 2, n * m / 2, sqrt(n * m * (n + m + 1) / 12)
    return 2 * NormalDist().cdf(-abs(u - mean) / spread)
