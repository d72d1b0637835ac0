"""Where feeds go: the sinks that there are, and those that the settings name."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from django.core.checks import CheckMessage, Error

from config.kernel.conf import setting
from config.kernel.feeds.cloud_events import CloudEvent
from config.kernel.ports import Port


class Stream(StrEnum):
    """What can be fed: events by context, sealed audit rows, and events without any identifier."""

    EVENTS = "events"
    AUDIT = "audit"
    ANALYTICS = "analytics"


class SinkAway(ConnectionError):
    """The sink did not take a batch, wholly or in part: all of it is sent again. Says a code, never what was sent."""


class Sink(Protocol):
    """One broker. It is asked by one thread, outside any transaction."""

    @property
    def name(self) -> str:
        """What EVENT_SINKS calls it."""

    @property
    def streams(self) -> frozenset[Stream]:
        """What it is fed."""

    def send(self, events: Sequence[CloudEvent]) -> None:
        """Return when the broker has taken every one, in this order for each subject; ``SinkAway`` otherwise."""

    def close(self) -> None:
        """Let go of what is open; the next ``send`` opens it anew."""


# The sinks that this installation can feed, by name: each made by the process that feeds it.
EVENT_SINKS: Port[Mapping[str, Callable[[], Sink]]] = Port("event_sinks")
AUDIT_SUFFIX = ".audit"


def wanted_sinks() -> tuple[str, ...]:
    """The names of the sinks that are set, each once."""
    return tuple(dict.fromkeys(setting("EVENT_SINKS")))


def every_wanted_sink_exists(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E010: events that somebody wanted somewhere would go nowhere."""
    known = EVENT_SINKS.ask
    return [
        Error(f"EVENT_SINKS names {name}; there are {', '.join(sorted(known))}.", id="kernel.E010")
        for name in wanted_sinks()
        if name not in known
    ]
