"""What to write instead: better words where the framework's say that a value is wrong, and not what would be right."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

# Longer lists stand in the API's document alone.
MAX_CHOICES = 40
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[Tt ]|$)")


def with_advice(field: Any, given: Any, detail: Any) -> Any:
    """``detail`` of a refusal of ``given`` by ``field`` in the same form, in better words where there are some."""
    if isinstance(detail, Mapping):
        return {name: with_advice(_part(field, name), _value(given, name), part) for name, part in detail.items()}
    if isinstance(detail, list) and any(isinstance(one, Mapping) for one in detail):
        child = getattr(field, "child", None)
        return [with_advice(child, _value(given, index), part) for index, part in enumerate(detail)]
    if isinstance(detail, list):
        return [with_advice(field, given, one) for one in detail]
    return _advised(field, given, detail)


def _advised(field: Any, given: Any, told: ErrorDetail) -> ErrorDetail:
    if told.code == "invalid_choice" and isinstance(field, serializers.ChoiceField):
        usual = (
            field.error_messages["invalid_choice"] == serializers.ChoiceField.default_error_messages["invalid_choice"]
        )
        if usual and len(field.choices) <= MAX_CHOICES:
            choices = ", ".join(str(one) or '""' for one in field.choices)
            return ErrorDetail(f"{told} There are {choices}.", code=told.code)
    if told.code == "invalid" and isinstance(field, serializers.DateField | serializers.DateTimeField):
        fault = _no_such_day(given)
        return ErrorDetail(fault, code=told.code) if fault else told
    return told


def _no_such_day(given: Any) -> str | None:
    """Of a date that is written rightly: why the calendar has no such day."""
    found = _DATE.match(given) if isinstance(given, str) else None
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups())
    if not 1 <= month <= 12:
        return f"There is no month {month:02d}: a date is year, month, day."
    if year == 0:
        return None
    days = monthrange(year, month)[1]
    if 1 <= day <= days:
        return None
    return f"{year:04d}-{month:02d} has no day {day:02d}: it has {days} days."


def _part(field: Any, name: Any) -> Any:
    fields = getattr(field, "fields", None)
    return fields.get(name) if isinstance(fields, Mapping) else getattr(field, "child", None)


def _value(given: Any, name: Any) -> Any:
    if isinstance(given, Mapping):
        return given.get(name)
    if isinstance(given, Sequence) and not isinstance(given, str) and isinstance(name, int) and name < len(given):
        return given[name]
    return None
