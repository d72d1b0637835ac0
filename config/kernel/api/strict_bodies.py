"""Bodies that are taken as they are written or not at all: a field that there is not is refused by its name.

Whoever writes ``sendat`` for ``send_at`` learns it, and does not find a message sent at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from config.kernel.api.declarations import MAX_NAME, MAX_NAMED, nearest

# No NUL, which no text holds; and something to be seen, where a text may not be blank.
TEXT = r"^[^\u0000]*$"
VISIBLE = r"[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
WORDS = rf"^[^\u0000]*{VISIBLE}[^\u0000]*$"
SAYS_SOMETHING = {"type": "string", "minLength": 1, "pattern": WORDS}
Names = Mapping[str, serializers.Field[Any, Any, Any, Any]]


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses what it has no field for, beside everything else that is wrong, with code ``unknown_field``.

    ``rule`` says in the documentation what holds between fields (JSON Schema's ``if`` and ``then``); the view or the
    service sees to it.
    """

    rule: ClassVar[Mapping[str, Any]] = {}
    # What the service asks of a field and no validator says.
    shapes: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def to_internal_value(self, data: Any) -> Any:
        """As the framework, and every unknown name told at once with the other faults."""
        unknown = unknown_fields(self.fields, data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            if unknown and isinstance(refusal.detail, dict):
                raise serializers.ValidationError({**refusal.detail, **unknown}) from None
            raise
        if unknown:
            raise serializers.ValidationError(unknown)
        return value


def when(field: str, values: Sequence[str], *needed: str) -> dict[str, Any]:
    """The rule that ``needed`` fields say something where a field has one of the values."""
    said: dict[str, Any] = {"required": list(needed), "properties": dict.fromkeys(needed, SAYS_SOMETHING)}
    return {"if": {"properties": {field: {"enum": list(values)}}, "required": [field]}, "then": said}


def either(one: str, other: str) -> dict[str, Any]:
    """The rule that one of two fields is sent, and not both."""
    neither, both = {"required": [other]}, {"not": {"required": [other]}}
    return {"if": {"not": {"required": [one]}}, "then": neither, "else": both}


def unknown_fields(fields: Names, data: Mapping[Any, Any]) -> dict[str, Any]:
    """What was sent under names that there are not, by pointer, each with those that there are."""
    known = [name for name, field in fields.items() if not field.read_only]
    named = [str(name) for name in data if name not in known][:MAX_NAMED]
    there = f"there are {', '.join(known)}" if known else "none is taken here"
    return {
        _pointed(name): serializers.ErrorDetail(
            f"There is no field {name[:MAX_NAME]!r}{nearest(name, known)}; {there}.", code="unknown_field"
        )
        for name in named
    }


def require_strict(serializer: serializers.BaseSerializer[Any]) -> None:
    """``TypeError`` for a body of which a part would drop what it does not know: a mistake of ours."""
    for name, part in _parts(serializer):
        if not isinstance(part, StrictSerializer):
            raise TypeError(f"{type(serializer).__name__}{name} must be a StrictSerializer.")


def _parts(field: Any, name: str = "") -> Iterator[tuple[str, serializers.BaseSerializer[Any]]]:
    child = getattr(field, "child", None)
    if child is not None:
        yield from _parts(child, f"{name}[]")
    elif isinstance(field, serializers.BaseSerializer):
        yield name, field
        for inner, part in getattr(field, "fields", {}).items():
            yield from _parts(part, f"{name}.{inner}")


class NoFields(StrictSerializer):
    """The body of a step that needs nothing said: empty, or an empty object."""


class ZonedDateTimeField(serializers.DateTimeField):
    """An instant: a date, a time and its zone. One without a zone is refused, and never taken for UTC."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """What was written names its zone."""
        if value.utcoffset() is None:
            advice = "Name the zone too: 2026-12-01T09:00:00+01:00, or 2026-12-01T08:00:00Z."
            raise serializers.ValidationError(advice, code="zone_missing")
        return super().enforce_timezone(value)


class StrictSerializerShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    """The documentation says that there are no other fields."""

    target_class = "config.kernel.api.strict_bodies.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """As the library, closed."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # type: ignore[no-untyped-call]  # the library's
        if type(self.target).__doc__ is None:
            # The words of this class are not those of a body.
            schema.pop("description", None)
        if direction != "request":
            return schema
        for name, shape in self.target.shapes.items():
            schema["properties"][name] |= shape
        return {**schema, "additionalProperties": False, **self.target.rule}


def _pointed(name: str) -> str:
    """A name as part of a JSON pointer (RFC 6901)."""
    return name[:MAX_NAME].replace("~", "~0").replace("/", "~1")
