"""What feeding costs: against a bare loop of the producer over the same rows, and what handlers feel of a dead broker.

``make bench W=feeds``: own servers; librdkafka's mock broker in this process.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

ROWS, ROUNDS, CASES = 10_000, 3, 200
LIMIT = 0.5
BLOCKS, BLOCK_SECONDS = 6, 10
HANDLERS_LIMIT = 1.05


def main() -> int:
    """Prints two tables; the status says whether both targets are met."""
    with tempfile.TemporaryDirectory(prefix="sop-feeds-") as folder:
        os.environ |= {"SOP_DATA_DIR": folder, "SOP_EMBEDDED": "1", "LOG_LEVEL": "CRITICAL"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
        for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
            os.environ.pop(name, None)
        from config.runtime.embedded import Stack, database_url, redis_url

        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate_all", verbosity=0)
            return max(_throughput(), _handlers())
        finally:
            from django.db import connections

            connections.close_all()
            Stack(Path(folder)).stop()


def _throughput() -> int:
    from tests.notifications.feeds.brokers import KafkaBroker

    broker = KafkaBroker()
    _options(broker.address)
    _publish(ROWS)
    table = [(name, [], []) for name in ("events", "events and analytics")]
    for number in range(ROUNDS):
        for name, ours, bare in table:
            analytics = name != "events"
            ours.append(_ours(f"bench-{analytics}-{number}", analytics=analytics))
            bare.append(_bare(analytics=analytics))
    sys.stdout.write(f"| {ROWS:,} rows, {ROUNDS} rounds by turns | ours, rows/s | bare loop, rows/s | × | |\n")
    sys.stdout.write("|---|---|---|---|---|\n")
    worst = 9.0
    for name, ours, bare in table:
        share = statistics.median(ours) / statistics.median(bare)
        worst = min(worst, share)
        verdict = "met" if share >= LIMIT else "missed"
        sys.stdout.write(
            f"| {name} | {statistics.median(ours):,.0f} | {statistics.median(bare):,.0f} | {share:.2f} | {verdict} |\n"
        )
    sys.stdout.write(f"| target | | | ≥ {LIMIT} | load {os.getloadavg()[0]:.1f} |\n\n")
    sys.stdout.flush()
    return 0 if worst >= LIMIT else 1


def _ours(name: str, *, analytics: bool) -> float:
    """A sink that has seen nothing yet takes everything: read, made into events, acknowledged, cursor moved."""
    from config.kernel.feeds import Stream
    from config.kernel.feeds.dispatch import feed_once
    from notifications.adapters.feeds.kafka_sink import KafkaSink

    sink = KafkaSink()
    sink.name = name
    sink.streams = frozenset({Stream.EVENTS, Stream.ANALYTICS} if analytics else {Stream.EVENTS})
    _warm(sink)
    begun, taken = time.perf_counter(), 0
    while rows := feed_once("cases", sink):
        taken += rows
    seconds = time.perf_counter() - begun
    assert taken == ROWS
    sink.close()
    return taken / seconds


def _bare(*, analytics: bool) -> float:
    """What one would write by hand: rows by position, each with its headers, the same options, flushed as often."""
    from confluent_kafka import Producer
    from django.db import connections

    from config.kernel.conf import setting
    from config.kernel.feeds.dispatch import BATCH
    from notifications.adapters.feeds import kafka_sink

    producer = Producer(kafka_sink._OPTIONS | setting("KAFKA_OPTIONS"))
    producer.list_topics(timeout=10)
    producer.produce("sop.warm", b"")
    producer.flush(15)
    acknowledged: list[Any] = []
    topics = ("sop.cases", "sop.analytics") if analytics else ("sop.cases",)
    last, taken, begun = 0, 0, time.perf_counter()
    while True:
        with connections["cases"].cursor() as cursor:
            cursor.execute(_ROWS, [last, BATCH])
            rows = cursor.fetchall()
        for topic in topics:
            for row in rows:
                producer.produce(**_message(topic, row), on_delivery=lambda error, _: acknowledged.append(error))
                producer.poll(0)
        producer.flush(15)
        if not rows:
            break
        last, taken = rows[-1][0], taken + len(rows)
    seconds = time.perf_counter() - begun
    assert taken == ROWS
    assert acknowledged == [None] * (taken * len(topics))
    return ROWS / seconds


_ROWS = (
    "SELECT position, event_id, name, aggregate_id, payload::text, correlation_id, created_at FROM cases_outboxentry"
    " WHERE position > %s ORDER BY position LIMIT %s"
)


def _message(topic: str, row: tuple[Any, ...]) -> dict[str, Any]:
    _, event_id, name, aggregate_id, payload, correlation_id, created_at = row
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(event_id).encode()),
        ("ce_type", name.encode()),
        ("ce_source", f"/sop/{name.split('.')[0]}".encode()),
        ("ce_subject", str(aggregate_id).encode()),
        ("ce_time", created_at.isoformat().encode()),
        ("ce_correlationid", correlation_id.encode()),
        ("content-type", b"application/json"),
    ]
    value = json.dumps(json.loads(payload)).encode()
    return {"topic": topic, "key": str(aggregate_id).encode(), "value": value, "headers": headers}


def _warm(sink: Any) -> None:
    producer = sink._opened()
    producer.list_topics(timeout=10)
    producer.produce("sop.warm", b"")
    producer.flush(15)


def _publish(count: int) -> None:
    from cases.events import CaseOpened
    from config.kernel.db import ContextDatabase
    from config.kernel.outbox import publish

    cases = [uuid4() for _ in range(CASES)]
    for start in range(0, count, 100):
        with ContextDatabase("cases").atomic():
            for number in range(start, start + 100):
                publish(CaseOpened(aggregate_id=cases[number % CASES], patient_id=uuid4()))


def _options(address: str) -> None:
    from django.conf import settings

    settings.KAFKA_OPTIONS = {"bootstrap.servers": address}


def _handlers() -> int:
    """From publishing to handled, by turns beside no feed, and beside one whose broker is dead; then it comes back."""
    from config.kernel.outbox.dispatch import relay_once

    while relay_once("cases"):
        pass
    alone: list[float] = []
    beside: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-m", "config.runtime.loops", "feeds"],
        env=os.environ | {"EVENT_SINKS": "kafka", "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"},
    ) as feeds:
        try:
            time.sleep(10)  # it has loaded, and found that nobody is there
            for number in range(BLOCKS * 2):
                # Stopped it takes no part, as if it were not there.
                os.kill(feeds.pid, 19 if number % 2 else 18)
                (alone if number % 2 else beside).extend(_block())
            os.kill(feeds.pid, 18)
        finally:
            feeds.kill()
    ours, bare = (statistics.quantiles(found, n=20)[-1] * 1000 for found in (beside, alone))
    share = ours / bare
    lost = _lost()
    sys.stdout.write("| handlers, publish to handled | p50 | p95 | events |\n|---|---|---|---|\n")
    for name, found in (("no feed", alone), ("broker dead", beside)):
        p95 = statistics.quantiles(found, n=20)[-1] * 1000
        sys.stdout.write(f"| {name} | {statistics.median(found) * 1000:.2f} ms | {p95:.2f} ms | {len(found):,} |\n")
    verdict = "met" if share <= HANDLERS_LIMIT and not lost else "missed"
    sys.stdout.write(
        f"| {BLOCKS * BLOCK_SECONDS} s each by turns; not sent when the broker came back: {lost} |"
        f" | × {share:.3f} (≤ {HANDLERS_LIMIT}) | {verdict}, load {os.getloadavg()[0]:.1f} |\n"
    )
    return 0 if verdict == "met" else 1


def _block() -> list[float]:
    from config.kernel.outbox.dispatch import relay_once

    found, ends = [], time.monotonic() + BLOCK_SECONDS
    while time.monotonic() < ends:
        begun = time.perf_counter()
        _one()
        assert relay_once("cases") == 1
        found.append(time.perf_counter() - begun)
        time.sleep(0.005)
    return found


def _one() -> None:
    from cases.events import CaseOpened
    from config.kernel.db import ContextDatabase
    from config.kernel.outbox import publish

    with ContextDatabase("cases").atomic():
        publish(CaseOpened(aggregate_id=uuid4(), patient_id=uuid4()))


def _lost() -> int:
    """How many events the feed that met a dead broker has not sent once there is one."""
    from cases.models import OutboxEntry
    from config.kernel.feeds.dispatch import feed_once
    from notifications.adapters.feeds.kafka_sink import KafkaSink
    from tests.notifications.feeds.brokers import KafkaBroker

    broker = KafkaBroker()
    _options(broker.address)

    class Counting(KafkaSink):
        def send(self, events: Any) -> None:
            super().send(events)
            came.update(UUID(event.id) for event in events if event.topic == "cases")

    came: set[UUID] = set()
    sink = Counting()
    while feed_once("cases", sink):
        pass
    sink.close()
    return len(set(OutboxEntry.objects.values_list("event_id", flat=True)) - came)


if __name__ == "__main__":
    sys.exit(main())
