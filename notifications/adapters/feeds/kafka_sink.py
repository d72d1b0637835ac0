"""Events through Kafka: CloudEvents in binary mode, keyed by what they are about."""

from collections.abc import Sequence
from typing import Any

from config.kernel.conf import setting
from config.kernel.feeds import CloudEvent, SinkAway, Stream

FLUSH_SECONDS = 15.0
# Each batch is asked for its acknowledgements, so that waiting for company only costs time.
_OPTIONS = {
    "client.id": "sop-feeds",
    "enable.idempotence": True,
    # A message that is given up ends the producer: none behind it overtakes it.
    "enable.gapless.guarantee": True,
    "acks": "all",
    "compression.type": "lz4",
    "linger.ms": 5,
    "delivery.timeout.ms": 14_000,
    "request.timeout.ms": 10_000,
    "partitioner": "murmur2_random",
    "log_level": 0,
}


class KafkaSink:
    """Topics ``sop.<context>``, ``sop.audit`` and ``sop.analytics``; idempotent, acknowledged by all replicas."""

    name = "kafka"
    streams = frozenset(Stream)

    def __init__(self) -> None:
        self._producer: Any = None

    def send(self, events: Sequence[CloudEvent]) -> None:
        """Hand all over, then wait for the acknowledgement of each, for 15 s in all."""
        from confluent_kafka import KafkaException

        taken, faults = 0, []

        def settled(error: Any, message: Any) -> None:
            nonlocal taken
            if error is None:
                taken += 1
            else:
                faults.append(error.name())

        try:
            producer = self._opened()
            for event in events:
                _produce(producer, event, settled)
            producer.flush(FLUSH_SECONDS)
        except (KafkaException, BufferError) as error:
            self.close()
            raise SinkAway(type(error).__name__) from None
        if taken != len(events):
            self.close()
            raise SinkAway(faults[0] if faults else "not_acknowledged")

    def close(self) -> None:
        """Forget what has not left; a producer that gave a message up takes no more."""
        if self._producer is not None:
            self._producer.purge()
            self._producer.flush(0)
        self._producer = None

    def _opened(self) -> Any:
        if self._producer is None:
            from confluent_kafka import Producer

            self._producer = Producer(_OPTIONS | setting("KAFKA_OPTIONS"))
        return self._producer


def _produce(producer: Any, event: CloudEvent, settled: Any) -> None:
    headers = [(f"ce_{name}", value.encode()) for name, value in event.attributes().items()]
    producer.produce(
        topic=f"sop.{event.topic}",
        key=event.subject.encode(),
        value=event.body(),
        headers=[*headers, ("content-type", b"application/json")],
        timestamp=int(event.time.timestamp() * 1000),
        on_delivery=settled,
    )
    producer.poll(0)
