"""Each sink by its own library against a real server: taken in order, or refused as a whole."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
import redis

from config.kernel.conf import setting
from config.kernel.feeds import SinkAway
from config.kernel.feeds.sinks import every_wanted_sink_exists
from notifications.adapters.feeds import SINKS
from notifications.adapters.feeds.kafka_sink import KafkaSink
from notifications.adapters.feeds.pubsub_sink import PubSubSink
from notifications.adapters.feeds.valkey_sink import ValkeySink
from tests.notifications.feeds.brokers import KafkaBroker, PubSubService, events, pubsub_service


@pytest.fixture(scope="module")
def kafka() -> KafkaBroker:
    return KafkaBroker()


@pytest.fixture
def pubsub(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PubSubService]:
    with pubsub_service() as service:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", service.address)
        settings.PUBSUB_PROJECT = "clinic"
        yield service


def test_kafka_gets_cloud_events_in_binary_mode_in_the_order_of_their_subjects(settings: Any, kafka: Any) -> None:
    settings.KAFKA_OPTIONS = {"bootstrap.servers": kafka.address}
    sink, topic = KafkaSink(), f"cases-{uuid4().hex[:8]}"
    subjects = [str(uuid4()) for _ in range(10)]
    wanted = [events(number, subject=subjects[number % 10], topic=topic)[0] for number in range(1, 301)]
    sink.send(wanted[:150])
    sink.send(wanted[150:])
    sink.close()
    found = kafka.read(f"sop.{topic}", 300)
    assert len(found) == 300
    by_subject: dict[bytes, list[int]] = defaultdict(list)
    for message in found:
        by_subject[message.key()].append(json.loads(message.value())["number"])
    assert {key.decode() for key in by_subject} == set(subjects)
    assert all(numbers == sorted(numbers) for numbers in by_subject.values())
    headers = dict(found[0].headers())
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"cases.case.opened.v1"
    assert headers["ce_id"].decode() == str(UUID(int=json.loads(found[0].value())["number"]))
    assert headers["content-type"] == b"application/json"


def test_a_kafka_that_is_away_takes_nothing_and_the_next_try_begins_anew(settings: Any, kafka: Any) -> None:
    settings.KAFKA_OPTIONS = {"bootstrap.servers": "127.0.0.1:1", "delivery.timeout.ms": 300, "request.timeout.ms": 100}
    sink, topic = KafkaSink(), f"cases-{uuid4().hex[:8]}"
    with pytest.raises(SinkAway):
        sink.send(events(1, 2, topic=topic))
    settings.KAFKA_OPTIONS = {"bootstrap.servers": kafka.address}
    sink.send(events(1, 2, topic=topic))
    assert [json.loads(one.value())["number"] for one in kafka.read(f"sop.{topic}", 2)] == [1, 2]
    sink.close()


def test_valkey_publishes_to_who_listens_and_keeps_a_stream(settings: Any) -> None:
    topic = f"cases-{uuid4().hex[:8]}"
    place, client = f"sop:events:{topic}", redis.from_url(setting("EVENTS_VALKEY_URL"))
    with client, client.pubsub() as listener:
        listener.subscribe(place)
        assert listener.get_message(timeout=600)["type"] == "subscribe"
        ValkeySink().send(events(1, 2, topic=topic))
        heard = [listener.get_message(timeout=600)["data"] for _ in range(2)]
        kept = [entry[b"event"] for _, entry in client.xrange(place)]
        client.delete(place)
    assert heard == kept == [event.structured() for event in events(1, 2, topic=topic)]
    document = json.loads(heard[0])
    assert (document["specversion"], document["data"]) == ("1.0", {"number": 1})


def test_the_stream_of_valkey_is_bounded(settings: Any) -> None:
    settings.EVENTS_STREAM_LENGTH = 100
    topic = f"cases-{uuid4().hex[:8]}"
    ValkeySink().send(events(*range(1, 1001), topic=topic))
    with redis.from_url(setting("EVENTS_VALKEY_URL")) as client:
        length = client.xlen(f"sop:events:{topic}")
        client.delete(f"sop:events:{topic}")
    assert 100 <= length < 300


def test_a_valkey_that_is_away_is_said_by_a_code(settings: Any) -> None:
    settings.EVENTS_VALKEY_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(SinkAway, match="ConnectionError"):
        ValkeySink().send(events(1))


def test_pubsub_gets_cloud_events_with_the_subject_as_ordering_key(pubsub: PubSubService) -> None:
    sink = PubSubSink()
    sink.send([*events(*range(1, 602), subject="a"), *events(7, subject="b", topic="analytics")])
    sink.close()
    topics = [topic for topic, _ in pubsub.got]
    assert topics == ["projects/clinic/topics/sop.cases"] * 601 + ["projects/clinic/topics/sop.analytics"]
    messages = [message for _, message in pubsub.got]
    assert [json.loads(message.data)["number"] for message in messages] == [*range(1, 602), 7]
    assert {message.ordering_key for message in messages} == {"a", "b"}
    assert messages[0].attributes["ce-type"] == "cases.case.opened.v1"
    assert messages[0].attributes["ce-id"] == str(UUID(int=1))


@pytest.mark.parametrize("status", ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "NOT_FOUND", "PERMISSION_DENIED"])
def test_a_pubsub_that_refuses_takes_nothing_and_the_next_try_is_taken(pubsub: PubSubService, status: str) -> None:
    sink = PubSubSink()
    pubsub.refusal = grpc.StatusCode[status]
    with pytest.raises(SinkAway):
        sink.send(events(1))
    pubsub.refusal = None
    sink.send(events(1))
    assert len(pubsub.got) == 1
    sink.close()


def test_a_sink_that_there_is_not_stops_the_start(settings: Any) -> None:
    settings.EVENT_SINKS = list(SINKS)
    assert every_wanted_sink_exists() == []
    settings.EVENT_SINKS = ["kafka", "rabbit"]
    (problem,) = every_wanted_sink_exists()
    assert "EVENT_SINKS names rabbit; there are kafka, pubsub, valkey." in problem.msg
