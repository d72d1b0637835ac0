"""Events through Valkey or Redis: published to who listens now, and kept in a stream of bounded length."""

from collections.abc import Sequence

from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.feeds import CloudEvent, SinkAway, Stream
from config.kernel.valkey import valkey_client

TIMEOUT_SECONDS = 5.0


class ValkeySink:
    """Channel and stream ``sop:events:<context>``; the stream's entries have one field, ``event``."""

    name = "valkey"
    streams = frozenset({Stream.EVENTS})

    def send(self, events: Sequence[CloudEvent]) -> None:
        """One round trip for all; what a broken one did is done again."""
        client, length = valkey_client(setting("EVENTS_VALKEY_URL"), TIMEOUT_SECONDS), setting("EVENTS_STREAM_LENGTH")
        try:
            with client.pipeline(transaction=False) as pipeline:
                for event in events:
                    place, body = f"sop:events:{event.topic}", event.structured()
                    pipeline.xadd(place, {"event": body}, maxlen=length, approximate=True)
                    pipeline.publish(place, body)
                pipeline.execute()
        except RedisError as error:
            raise SinkAway(type(error).__name__) from None

    def close(self) -> None:
        """The client is the process's, and mends its connections itself."""
