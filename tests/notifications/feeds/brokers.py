"""Brokers on this machine: librdkafka's own, and Google's service of one method."""

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import grpc
from confluent_kafka import Consumer, Producer
from google.pubsub_v1 import PublishRequest, PublishResponse

from config.kernel.feeds import CloudEvent


def events(*numbers: int, subject: str = "a", topic: str = "cases") -> list[CloudEvent]:
    return [
        CloudEvent(
            topic=topic,
            id=str(UUID(int=number)),
            type="cases.case.opened.v1",
            subject=subject,
            time=datetime(2026, 11, 30, 9, 41, tzinfo=UTC),
            correlation_id="c0ffee00c0ffee00",
            data={"number": number},
        )
        for number in numbers
    ]


class KafkaBroker:
    """Three brokers inside a producer; they end with it."""

    def __init__(self) -> None:
        self._host = Producer({"test.mock.num.brokers": 3, "bootstrap.servers": "ignored", "log_level": 0})
        brokers = self._host.list_topics(timeout=600).brokers.values()
        self.address = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)

    def read(self, topic: str, count: int) -> list[Any]:
        """The first ``count`` messages of a topic, from all of its partitions."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.address,
                "group.id": f"reader-of-{topic}",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )
        try:
            consumer.subscribe([topic])
            found: list[Any] = []
            for _ in range(200):
                found += [message for message in consumer.consume(count, 0.2) if not message.error()]
                if len(found) >= count:
                    break
            return found
        finally:
            consumer.close()


class PubSubService:
    """``google.pubsub.v1.Publisher/Publish``: keeps what it is given, or refuses with a status."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Any]] = []
        self.refusal: grpc.StatusCode | None = None
        self.address = ""

    def publish(self, request: Any, context: grpc.ServicerContext) -> Any:
        if self.refusal is not None:
            context.abort(self.refusal, "not now")
        self.got += [(request.topic, message) for message in request.messages]
        return PublishResponse(message_ids=[str(number) for number, _ in enumerate(request.messages)])


@contextmanager
def pubsub_service() -> Iterator[PubSubService]:
    service = PubSubService()
    method = grpc.unary_unary_rpc_method_handler(
        service.publish,
        request_deserializer=PublishRequest.deserialize,
        response_serializer=PublishResponse.serialize,
    )
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("google.pubsub.v1.Publisher", {"Publish": method}),)
    )
    service.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield service
    finally:
        server.stop(None).wait()
