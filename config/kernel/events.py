"""Typed, versioned domain events carried by Django signals.

An event is a frozen dataclass of ids, primitives and codes (a ``StrEnum``), named ``context.subject.past_tense.vN``.
It never holds PHI or secrets: receivers fetch what they may see by service.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, Union
from uuid import UUID

from django.core.checks import CheckMessage, Error
from django.dispatch import Signal

_NAME = re.compile(r"^(identity|cases|analysis|professionals|notifications)(\.[a-z_]+){2}\.v[1-9]\d*$")
_PLAIN: tuple[type, ...] = (UUID, str, int, float, bool, datetime, date, type(None))


class DomainSignal(Signal):
    """The Django signal of one event name; receivers get ``event=`` and ``envelope=``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. ``aggregate_id`` orders delivery: events of one aggregate arrive in order.

    Outside the platform (feeds, webhooks) go its ids, states and instants. ``codes`` names the fields of text and
    numbers that go with them; ``figures`` those that tell of care, and leave only where nobody is named (analytics).
    """

    name: ClassVar[str]
    context: ClassVar[str]
    signal: ClassVar[DomainSignal]
    codes: ClassVar[frozenset[str]] = frozenset()
    figures: ClassVar[frozenset[str]] = frozenset()
    aggregate_id: UUID

    def payload(self) -> dict[str, Any]:
        """The event as JSON-ready primitives."""
        return {f.name: _to_json(getattr(self, f.name)) for f in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Event":
        """Rebuild the event; unknown keys are ignored, so that additive changes stay readable."""
        hints = typing.get_type_hints(cls)
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**{key: _from_json(hints[key], value) for key, value in payload.items() if key in known})


_events: dict[str, type[Event]] = {}
_signals: dict[str, DomainSignal] = {}
E = TypeVar("E", bound=type[Event])


def event(name: str) -> Callable[[E], E]:
    """Class decorator: give the dataclass its name and signal, and refuse fields that are not plain data."""
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is not of the form context.subject.past_tense.vN")

    def register(cls: E) -> E:
        if name in _events and _events[name].__qualname__ != cls.__qualname__:
            raise ValueError(f"{name} is taken by {_events[name].__qualname__}")
        for field_name, hint in typing.get_type_hints(cls).items():
            if typing.get_origin(hint) is not ClassVar and not _is_plain(hint):
                raise TypeError(f"{cls.__qualname__}.{field_name}: events carry ids and primitives only")
        if unknown := (cls.codes | cls.figures) - {one.name for one in dataclasses.fields(cls)}:
            raise TypeError(f"{cls.__qualname__} has no {', '.join(sorted(unknown))}")
        cls.name, cls.context, cls.signal = name, name.split(".")[0], signal_for(name)
        _events[name] = cls
        return cls

    return register


def signal_for(name: str) -> DomainSignal:
    """The signal of an event name, made on first use so that receivers may connect before the sender loads."""
    return _signals.setdefault(name, DomainSignal(name))


def event_class(name: str) -> type[Event] | None:
    """The class registered under ``name``."""
    return _events.get(name)


def all_events() -> dict[str, type[Event]]:
    """Every registered event by name."""
    return dict(_events)


def every_handled_event_exists(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E008: a handler of a name that no event has would never be called."""
    return [
        Error(f"{receiver[0][0]} handles {name}, which no context's events.py defines.", id="kernel.E008")
        for name, signal in sorted(_signals.items())
        for receiver in signal.receivers
        if name not in _events
    ]


def _is_plain(hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if origin in (Union, types.UnionType):
        return all(_is_plain(part) for part in typing.get_args(hint))
    if origin is tuple:
        return all(part is Ellipsis or _is_plain(part) for part in typing.get_args(hint))
    return hint in _PLAIN or _is_code(hint)


def _is_code(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _to_json(value: Any) -> Any:
    if isinstance(value, UUID | StrEnum):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_json(part) for part in value]
    return value


def _from_json(hint: Any, value: Any) -> Any:
    origin = typing.get_origin(hint)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        return _from_json(next(p for p in typing.get_args(hint) if p is not type(None)), value)
    if origin is tuple:
        return tuple(_from_json(typing.get_args(hint)[0], part) for part in value)
    if hint is UUID or _is_code(hint):
        return hint(value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return value
