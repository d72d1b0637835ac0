"""The process of feeds is killed again and again: each event reaches the broker, in the order of its case.

A fixed sample; ``make check W=feeds`` kills it twenty times while 2,000 events are published.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from confluent_kafka import Consumer
from django.db import connections

from tests.kernel.feeds.outboxes import Hand
from tests.notifications.feeds.brokers import KafkaBroker

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS, KILLS = (2000, 20) if os.environ.get("SOP_FEEDS") == "1" else (150, 3)
MAX_SECONDS = 600


class Nursery:
    """Where processes that feed come from."""

    def __init__(self, broker: KafkaBroker) -> None:
        names = {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}
        command = [sys.executable, "-m", "tests.kernel.feeds.nursery", json.dumps(names), broker.address]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def fork(self) -> int:
        assert self._process.stdin and self._process.stdout
        print("feed", file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(600)
        self._process.stdout.close()


@contextmanager
def reading(broker: KafkaBroker) -> Iterator[Any]:
    options = {"group.id": "reader", "auto.offset.reset": "earliest", "enable.auto.commit": False, "log_level": 0}
    consumer = Consumer({"bootstrap.servers": broker.address, **options})
    consumer.subscribe(["sop.cases"])
    try:
        yield consumer
    finally:
        consumer.close()


def test_a_process_that_is_killed_again_and_again_sends_every_event_in_the_order_of_its_case() -> None:
    chance, broker = random.Random(14), KafkaBroker()
    cases = [uuid4() for _ in range(20)]
    told: dict[UUID, list[int]] = defaultdict(list)
    got: dict[UUID, list[int]] = defaultdict(list)
    numbers = iter(range(1, EVENTS + 1))
    nursery, ends = Nursery(broker), time.monotonic() + MAX_SECONDS

    def arrived() -> int:
        return sum(len(dict.fromkeys(all_of)) for all_of in got.values())

    with reading(broker) as consumer:

        def read_until(count: int) -> None:
            while arrived() < count:
                assert time.monotonic() < ends, f"{arrived()} of {count} arrived"
                for message in consumer.consume(100, 0.1):
                    if not message.error():
                        got[UUID(message.key().decode())].append(UUID(dict(message.headers())["ce_id"].decode()).int)

        for kill in range(1, KILLS + 1):
            child = nursery.fork()
            for _ in range(EVENTS // KILLS):
                case = chance.choice(cases)
                number = next(numbers)
                with Hand() as hand:
                    hand.publish(case, number).notify().end()
                told[case].append(number)
            before = EVENTS // KILLS * (kill - 1)
            # Sometimes before anything has come, sometimes amid it, sometimes when all has.
            read_until(chance.randint(before, before + EVENTS // KILLS))
            os.kill(child, signal.SIGKILL)
        last = nursery.fork()
        read_until(EVENTS // KILLS * KILLS)
        os.kill(last, signal.SIGKILL)
    nursery.end()
    for case, wanted in told.items():
        assert list(dict.fromkeys(got[case])) == wanted
    repeated = sum(len(all_of) for all_of in got.values()) - arrived()
    print(f"\n{arrived()} events, {KILLS} kills: each arrived, {repeated} of them more than once")
