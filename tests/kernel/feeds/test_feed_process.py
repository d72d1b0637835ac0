"""The process of feeds: one for each sink, however many run, and patient with a sink that is away."""

from typing import Any
from uuid import uuid4

import pytest

from config.runtime.background.feeds import Feed, feeds
from tests.kernel.feeds.outboxes import Memory, published

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_processes_one_feeds_and_the_other_takes_over() -> None:
    sink, twin = Memory(), Memory()
    first, second = Feed(sink), Feed(twin)
    published(uuid4(), 1)
    try:
        assert first.turn() == 0
        assert second.turn() > 0
        assert (sink.numbers(), twin.numbers()) == ([1], [])
        first.reset()
        published(uuid4(), 2)
        assert second.turn() == 0
        assert twin.numbers() == [2]
    finally:
        first.reset()
        second.reset()


def test_a_sink_that_is_away_is_asked_less_and_less_often_and_then_gets_everything() -> None:
    sink = Memory()
    feed = Feed(sink)
    published(uuid4(), 1)
    sink.away = True
    try:
        assert [feed.turn() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
        sink.away = False
        assert feed.turn() == 0
        assert sink.numbers() == [1]
    finally:
        feed.reset()


def test_a_loop_for_each_sink_that_is_set_and_none_without(settings: Any) -> None:
    settings.EVENT_SINKS = []
    assert feeds() == []
    settings.EVENT_SINKS = ["kafka", "valkey", "kafka"]
    assert [loop.name for loop in feeds()] == ["feed-kafka", "feed-valkey"]
