"""Feeds pass no event by: each arrives at least once, those of one aggregate in order, and nobody waits for a sink."""

import random
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from cases.models import FeedCursor, OutboxEntry
from config.kernel import clock
from config.kernel.feeds import SinkAway
from config.kernel.feeds.cursors import cursor_of, lag_seconds
from config.kernel.feeds.dispatch import feed_once
from config.kernel.privacy.retention import apply_rules
from tests.kernel.feeds.outboxes import Hand, Memory, fed, published

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "professionals", "cases"])


def test_an_event_that_is_committed_late_is_not_passed() -> None:
    sink, case = Memory(), uuid4()
    with Hand() as late:
        late.publish(case, 1)
        published(uuid4(), 2)
        assert fed(sink) == [2], "who is not committed holds up nobody"
        late.end()
    assert fed(sink) == [1]
    assert fed(sink) == []


def test_a_transaction_that_is_rolled_back_was_never_fed() -> None:
    sink = Memory()
    with Hand() as hand:
        hand.publish(uuid4(), 1)
    published(uuid4(), 2)
    assert fed(sink) == [2]


def test_an_aggregate_keeps_its_order_when_the_later_event_has_the_older_transaction() -> None:
    """By ids of transactions alone the second event would come first: its transaction began before the first one's."""
    sink, case = Memory(), uuid4()
    with Hand() as patient, Hand() as bystander:
        patient.begin()
        bystander.begin()
        published(case, 1)
        patient.publish(case, 2).end()
        assert fed(sink) == [1, 2]
        bystander.end()
    assert fed(sink) == []


def test_a_window_that_is_larger_than_a_batch_comes_whole_and_in_order() -> None:
    sink, case = Memory(), uuid4()
    published(case, *range(1, 26))
    assert fed(sink, limit=10) == list(range(1, 26))
    published(case, 26)
    assert fed(sink, limit=10) == [26]


def test_what_is_committed_while_a_window_is_read_comes_after_it() -> None:
    sink, case = Memory(), uuid4()
    with Hand() as late:
        late.publish(case, 1)
        published(uuid4(), *range(2, 13))
        assert feed_once("cases", sink, limit=10) == 10
        late.end()
    assert fed(sink, limit=10) == [12, 1]


def test_nothing_taken_means_that_there_is_nothing_even_where_a_window_ended_with_a_batch() -> None:
    """Else a feed would rest, and lack what was committed while the last full batch was on its way."""
    sink, case = Memory(), uuid4()
    with Hand() as late:
        late.publish(uuid4(), 1)
        published(case, *range(2, 9))
        assert feed_once("cases", sink, limit=7) == 7
        late.end()
    assert lag_seconds(cursor_of("cases", "memory")) > 0, "one that was passed by a position is not sent either"
    published(case, 9, 10)
    assert feed_once("cases", sink, limit=7) == 3
    assert sink.numbers() == [*range(2, 9), 1, 9, 10]
    assert feed_once("cases", sink, limit=7) == 0
    assert lag_seconds(cursor_of("cases", "memory")) == 0


def test_a_batch_that_was_not_taken_is_sent_again_and_an_idle_look_writes_nothing() -> None:
    sink, case = Memory(), uuid4()
    published(case, 1, 2)
    sink.away = True
    with pytest.raises(SinkAway):
        feed_once("cases", sink)
    assert lag_seconds(cursor_of("cases", "memory")) > 0
    sink.away = False
    assert fed(sink) == [1, 2]
    assert lag_seconds(cursor_of("cases", "memory")) == 0
    moved = FeedCursor.objects.get().moved_at
    assert feed_once("cases", sink) == 0
    assert FeedCursor.objects.get().moved_at == moved


def test_each_sink_has_a_place_of_its_own() -> None:
    first, second = Memory("first"), Memory("second")
    second.away = True
    published(uuid4(), 1)
    assert fed(first) == [1]
    with pytest.raises(SinkAway):
        feed_once("cases", second)
    published(uuid4(), 2)
    assert fed(first) == [2]
    second.away = False
    assert fed(second) == [1, 2]


def test_what_a_sinks_library_raises_stops_this_sink_alone() -> None:
    class Broken(Memory):
        def send(self, events: Any) -> None:
            raise KeyError("bootstrap.servers")

    published(uuid4(), 1)
    with pytest.raises(SinkAway, match="KeyError"):
        feed_once("cases", Broken())


def test_retention_never_passes_the_slowest_sink(settings: Any) -> None:
    settings.EVENT_SINKS = ["fast", "slow"]
    published(uuid4(), *range(1, 13))
    OutboxEntry.objects.update(sent_at=clock.now() - timedelta(days=40))
    fast, slow = Memory("fast"), Memory("slow")
    fed(fast)
    assert apply_rules("cases")["cases.events"] == 0, "a sink that has not begun lacks everything"
    feed_once("cases", slow, limit=5)
    assert apply_rules("cases")["cases.events"] == 5
    assert fed(slow, limit=5) == list(range(6, 13))
    assert apply_rules("cases")["cases.events"] == 7


def test_a_database_that_was_brought_from_another_server_is_fed_from_its_beginning() -> None:
    """There transactions had other numbers: what was sent, and what was not, can no longer be told by them."""
    sink, case = Memory(), uuid4()
    published(case, 1, 2)
    fed(sink)
    published(case, 3)
    with connections["cases"].cursor() as cursor:
        cursor.execute("UPDATE cases_outboxentry SET xid = '999999999990'")
        cursor.execute("UPDATE cases_feedcursor SET seen = '999999999999:999999999999:'")
    published(case, 4)
    assert fed(sink) == [1, 2, 3, 4]
    published(case, 5)
    assert fed(sink) == [5]


def test_without_a_sink_events_go_when_their_time_is_over(settings: Any) -> None:
    settings.EVENT_SINKS = []
    published(uuid4(), 1)
    OutboxEntry.objects.update(sent_at=clock.now() - timedelta(days=40))
    assert apply_rules("cases")["cases.events"] == 1


def test_events_of_many_hands_at_once_all_come_in_the_order_of_their_cases() -> None:
    sink, cases = Memory(), [uuid4() for _ in range(5)]
    told: dict[UUID, list[int]] = {case: [] for case in cases}
    locks = {case: threading.Lock() for case in cases}
    numbers = iter(range(1, 10_000))

    def write(seed: int) -> None:
        chance = random.Random(seed)
        with Hand() as hand:
            for _ in range(30):
                case = chance.choice(cases)
                if chance.random() < 0.5:
                    hand.begin()  # before it waits for the case
                with locks[case]:
                    for _ in range(chance.randint(1, 3)):
                        number = next(numbers)
                        hand.publish(case, number)
                        told[case].append(number)
                    hand.end()

    hands = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
    for thread in hands:
        thread.start()
    while any(thread.is_alive() for thread in hands):
        feed_once("cases", sink, limit=7)
    fed(sink, limit=7)
    assert len(sink.got) == sum(len(all_of) for all_of in told.values())
    for case in cases:
        assert sink.numbers(case) == told[case]


def test_a_table_of_before_is_not_written_anew() -> None:
    """The default of the new column is evaluated once for the rows that are there."""
    with connections["cases"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE before (id int); INSERT INTO before VALUES (1)")
        cursor.execute("SELECT pg_relation_filenode('before')")
        node = cursor.fetchone()
        cursor.execute("ALTER TABLE before ADD COLUMN xid xid8 DEFAULT (pg_current_xact_id()) NOT NULL")
        cursor.execute("SELECT pg_relation_filenode('before')")
        assert cursor.fetchone() == node
