"""The brokers that events can be fed to, by the names that EVENT_SINKS takes. An SDK is loaded where one is used."""

from collections.abc import Callable, Mapping

from config.kernel.feeds import Sink
from notifications.adapters.feeds.kafka_sink import KafkaSink
from notifications.adapters.feeds.pubsub_sink import PubSubSink
from notifications.adapters.feeds.valkey_sink import ValkeySink

SINKS: Mapping[str, Callable[[], Sink]] = {"kafka": KafkaSink, "pubsub": PubSubSink, "valkey": ValkeySink}
