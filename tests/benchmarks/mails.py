"""What mails cost beside themselves, with real workers: sessions that the database opens for 200 mails one after the
other, and messages that the broker is given for 2,000 at once: `make bench W=mails`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from config.runtime.embedded import Stack, database_url, redis_url
from tests.platform.running import Product

ONE_BY_ONE, AT_ONCE, MAX_SECONDS = 200, 2000, 900
# One that does not wait for others to go with it.
KIND = "promise_half_used"
# A process keeps what it has opened; a broker that holds no more than two messages a process holds few stale ones.
SESSIONS_LIMIT, MESSAGES_LIMIT = 20, 2000


@dataclass(frozen=True)
class Spent:
    """What one part took."""

    mails: int
    sessions: int
    messages: int
    seconds: float


def main() -> int:
    """Prints the table; the status says whether both limits are kept."""
    with tempfile.TemporaryDirectory(prefix="sop-mails-") as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data")
        try:
            product.start("--seed", RATE_LIMITS_SCALE="1000000")
            product.await_ready()
            _enter(product)
            return _measure(product)
        finally:
            product.stop()
            Stack(product.data).stop()


def _enter(product: Product) -> None:
    """Become a program of the product: the same servers, the same rows."""
    for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
        os.environ.pop(name, None)
    os.environ |= {"SOP_DATA_DIR": str(product.data), "SOP_EMBEDDED": "1", "PORT": str(product.port)}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "LOG_LEVEL": "WARNING"}
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
    import django

    django.setup()


def _measure(product: Product) -> int:
    from identity import services as identity

    login = json.loads((product.data / "demo" / "accounts.json").read_text())["patient"]
    account = identity.find_account(email=login["email"])
    assert account is not None
    _send(account.id, 20)  # by now every process has opened what it uses
    parts = [_counted(account.id, ONE_BY_ONE, at_a_time=1), _counted(account.id, AT_ONCE, at_a_time=AT_ONCE)]
    sys.stdout.write("| mails | sessions opened | messages sent | seconds |\n|---|---|---|---|\n")
    for part, how in zip(parts, ("one after the other", "at once"), strict=True):
        sys.stdout.write(f"| {part.mails:,} {how} | {part.sessions} | {part.messages:,} | {part.seconds:.0f} |\n")
    held = parts[0].sessions <= SESSIONS_LIMIT and parts[1].messages <= MESSAGES_LIMIT
    sys.stdout.write(
        f"| limits | ≤ {SESSIONS_LIMIT} for {ONE_BY_ONE} | ≤ {MESSAGES_LIMIT:,} for {AT_ONCE:,} |"
        f" {'kept' if held else 'missed'} |\n"
    )
    return 0 if held else 1


def _counted(user_id: UUID, mails: int, *, at_a_time: int) -> Spent:
    sessions, messages, begun = _sessions(), _messages(), time.monotonic()
    for _ in range(mails // at_a_time):
        _send(user_id, at_a_time)
    seconds = time.monotonic() - begun
    return Spent(mails, _sessions() - sessions, _messages() - messages, seconds)


def _send(user_id: UUID, mails: int) -> None:
    """Cause ``mails`` of them and wait until every one has been sent."""
    from notifications.domain.state_machines import DeliveryState
    from notifications.models import Delivery
    from notifications.services.outgoing import notify

    keys = [f"bench:{uuid4()}" for _ in range(mails)]
    for key in keys:
        notify(user_id=user_id, kind=KIND, event_key=key, counted=True)  # else an address gets 30 an hour
    mine, ends = Delivery.objects.filter(notice__event_key__in=keys), time.monotonic() + MAX_SECONDS
    while (sent := mine.filter(state=DeliveryState.SENT).count()) < mails:
        assert time.monotonic() < ends, f"{sent} of {mails} mails were sent in {MAX_SECONDS} s"
        time.sleep(0.02 if mails == 1 else 0.5)


def _sessions() -> int:
    """All that the database has opened since it was made; this program keeps its own two."""
    return int(_row("SELECT sum(sessions) FROM pg_stat_database")[0])


def _messages() -> int:
    """What was ever pushed onto a queue of the broker: messages, and those that came back unread."""
    import redis

    from config.kernel.conf import setting

    with redis.from_url(setting("CELERY_BROKER_URL")) as client:
        told: dict[str, Any] = client.info("commandstats")
    return int(told.get("cmdstat_lpush", {}).get("calls", 0)) + int(told.get("cmdstat_rpush", {}).get("calls", 0))


def _row(statement: str) -> tuple[Any, ...]:
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(statement)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


if __name__ == "__main__":
    sys.exit(main())
