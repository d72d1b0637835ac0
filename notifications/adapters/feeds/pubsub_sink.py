"""Events through Google Cloud Pub/Sub: CloudEvents in binary mode, ordered by what they are about."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from config.kernel.conf import setting
from config.kernel.feeds import CloudEvent, SinkAway, Stream

TIMEOUT_SECONDS = 15.0
# What one request may hold is 1,000 messages and 10 MB.
MAX_MESSAGES = 500


class PubSubSink:
    """Topics ``sop.<context>``, ``sop.audit`` and ``sop.analytics`` of PUBSUB_PROJECT.

    One request after the other, each answered: the library's own batches go on beside one another.
    """

    name = "pubsub"
    streams = frozenset(Stream)

    def __init__(self) -> None:
        self._client: Any = None

    def send(self, events: Sequence[CloudEvent]) -> None:
        """A request for each topic and 500 messages."""
        from google.api_core.exceptions import GoogleAPICallError, RetryError
        from google.auth.exceptions import GoogleAuthError
        from google.pubsub_v1 import PublisherClient

        try:
            client = self._opened()
            for topic in dict.fromkeys(event.topic for event in events):
                place = f"projects/{setting('PUBSUB_PROJECT')}/topics/sop.{topic}"
                for messages in _parts([event for event in events if event.topic == topic]):
                    PublisherClient.publish(client, topic=place, messages=messages, retry=None, timeout=TIMEOUT_SECONDS)
        except (GoogleAPICallError, RetryError, GoogleAuthError) as error:
            self.close()
            raise SinkAway(type(error).__name__) from None

    def close(self) -> None:
        """Close the channel."""
        if self._client is not None:
            self._client.transport.close()
        self._client = None

    def _opened(self) -> Any:
        if self._client is None:
            from google.cloud.pubsub_v1 import PublisherClient

            # Goes to an emulator where PUBSUB_EMULATOR_HOST names one.
            self._client = PublisherClient()
        return self._client


def _parts(events: Sequence[CloudEvent]) -> Iterator[list[Any]]:
    from google.pubsub_v1 import PubsubMessage

    rest = iter(events)
    while part := list(islice(rest, MAX_MESSAGES)):
        yield [
            PubsubMessage(
                data=event.body(),
                attributes={f"ce-{name}": value for name, value in event.attributes().items()}
                | {"content-type": "application/json"},
                ordering_key=event.subject,
            )
            for event in part
        ]
