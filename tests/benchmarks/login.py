"""Signing in over HTTP beside the bare Argon2id hash that bounds it, by turns: the ratio, and where it must lie."""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

TARGET = 1.15
ACCOUNTS = 12
ROUNDS = 8
PASSWORD = "a long phrase for measuring"


def main() -> int:
    """Measure with servers of its own; returns 0 when the target is met."""
    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        os.environ |= {
            "SOP_DATA_DIR": folder,
            "SOP_EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "WARNING",
            # One network signs in all the time here; the count is made all the same.
            "RATE_LIMITS_SCALE": "100000",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
            os.environ.pop(name, None)
        from config.runtime.embedded import Stack, database_url, redis_url

        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
        try:
            return _measure()
        finally:
            from django.db import connections

            connections.close_all()
            Stack(Path(folder)).stop()


def _measure() -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate_all", verbosity=0)
    from tests.benchmarks.hot_reads import _server

    emails = [_account(number) for number in range(ACCOUNTS)]
    bare: list[float] = []
    ours: list[float] = []
    with _server("config.wsgi:application", {}) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(ROUNDS + 1):
            for email in emails:
                pair = _hash_seconds(), _login_seconds(connection, email)
                # The first round warms both workers up.
                if number:
                    bare.append(pair[0])
                    ours.append(pair[1])
    ratio = median(ours) / median(bare)
    met = "met" if ratio <= TARGET else "missed"
    sys.stdout.write(
        "| workload | ours | bare Argon2id | ratio (≤ 1.15) | p99 of ours | target |\n|---|---|---|---|---|---|\n"
        f"| sign-in by password, {len(ours)} times | {_ms(median(ours))} | {_ms(median(bare))} | {ratio:.2f} |"
        f" {_ms(sorted(ours)[int(0.99 * len(ours))])} | {met} |\n"
    )
    return 0 if ratio <= TARGET else 1


def _account(number: int) -> str:
    from config.kernel.auth import SYSTEM, acting_as
    from identity import services

    email = f"bench{number}@demo.example"
    with acting_as(SYSTEM):
        services.create_account(
            email=email,
            password=PASSWORD,
            full_name="Bench Patient",
            roles=frozenset({"patient"}),
            email_verified=True,
        )
    return email


def _hash_seconds() -> float:
    from argon2.low_level import Type, hash_secret_raw
    from django.contrib.auth.hashers import Argon2PasswordHasher as Cost

    secret, salt = PASSWORD.encode(), os.urandom(16)
    started = time.perf_counter()
    hash_secret_raw(secret, salt, Cost.time_cost, Cost.memory_cost, Cost.parallelism, 32, Type.ID)
    return time.perf_counter() - started


def _login_seconds(connection: http.client.HTTPConnection, email: str) -> float:
    body = json.dumps({"email": email, "password": PASSWORD})
    started = time.perf_counter()
    connection.request("POST", "/api/v1/auth/login", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - started
    if answer.status != 200:
        raise SystemExit(f"the sign-in answered {answer.status}")
    return seconds


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
