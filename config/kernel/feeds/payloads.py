"""What of an event may leave the platform: ids and states.

Which fields those are is told by their types; texts and numbers leave only where the event's class names them, and
then only if what they hold looks like a code.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union
from uuid import UUID

import structlog

from config.kernel.events import Event, event_class

# A code, a role, a rule's id, a number: no blanks, so no sentence and no full name.
_CODE = re.compile(r"[A-Za-z0-9_.:\-]{0,64}")
log = structlog.get_logger(__name__)


def leaving(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload for whoever is outside: ids, states, instants, and the codes that the event's class names."""
    if event_class(name) is None:
        # Written by another release, whose types nobody knows here.
        return {"aggregate_id": payload["aggregate_id"]}
    return _chosen(name, payload, leaving_fields(name))


def unidentified(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload without any id and instant: states, codes, and the figures that leave in no other way."""
    return {} if event_class(name) is None else _chosen(name, payload, unidentified_fields(name))


@cache
def leaving_fields(name: str) -> frozenset[str]:
    """The fields of an event that may leave beside its ids."""
    return _told(name, UUID, StrEnum, bool, datetime, date) | _known(name).codes


@cache
def unidentified_fields(name: str) -> frozenset[str]:
    """The fields of an event that name nobody."""
    return _told(name, StrEnum, bool) | _known(name).codes | _known(name).figures


def _known(name: str) -> type[Event]:
    cls = event_class(name)
    assert cls is not None
    return cls


def _told(name: str, *kinds: type) -> frozenset[str]:
    """The fields whose type is one of ``kinds``, or none."""
    cls = _known(name)
    hints = typing.get_type_hints(cls)
    return frozenset(one.name for one in dataclasses.fields(cls) if _is(hints[one.name], *kinds))


def _is(hint: Any, *kinds: type) -> bool:
    if typing.get_origin(hint) in (Union, types.UnionType):
        return all(part is type(None) or _is(part, *kinds) for part in typing.get_args(hint))
    return isinstance(hint, type) and issubclass(hint, kinds)


def _chosen(name: str, payload: Mapping[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    return {key: _checked(name, key, value) for key, value in payload.items() if key in fields}


def _checked(name: str, key: str, value: Any) -> Any:
    if isinstance(value, str) and not _CODE.fullmatch(value) and not _is_instant(value):
        log.error("event_field_withheld", kind=name, reason=key)
        return None
    return value


def _is_instant(value: str) -> bool:
    try:
        return bool(datetime.fromisoformat(value))
    except ValueError:
        return False
