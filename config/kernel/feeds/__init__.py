"""Feeds: what the outboxes hold, sent on to brokers outside, by a process of its own."""

from config.kernel.feeds.cloud_events import CloudEvent, event_of_row
from config.kernel.feeds.sinks import EVENT_SINKS, Sink, SinkAway, Stream, wanted_sinks

__all__ = [
    "EVENT_SINKS",
    "AbstractFeedCursor",
    "CloudEvent",
    "Sink",
    "SinkAway",
    "Stream",
    "event_of_row",
    "wanted_sinks",
]


def __getattr__(name: str) -> type:
    # Resolved late, as the outbox's own models are.
    if name == "AbstractFeedCursor":
        from config.kernel.feeds.models import AbstractFeedCursor

        return AbstractFeedCursor
    raise AttributeError(name)
