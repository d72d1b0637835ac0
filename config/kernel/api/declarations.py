"""What an operation declares is what it takes: its query names, whether it asks for a version, whether it has a body.

The OpenAPI document and the refusals have one source, so that a new operation has both without being told.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.utils import OpenApiParameter

from config.kernel.errors import FieldError, Invalid, PreconditionRequired

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Of more names than anybody reads, the first are told, and of each as much.
MAX_NAMED = 20
MAX_NAME = 80
MAX_NUMBER = 2**31 - 1
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,9}(-(gzip|zstd|br))?")$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that you last read: 428 without it, 412 when others wrote since; * overwrites.",
)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=True, description="The version, for If-Match.")


@dataclass(frozen=True)
class Declaration:
    """What one method of a view says of itself in the documentation."""

    query: Mapping[str, Mapping[str, Any]]
    repeated: frozenset[str]
    versioned: bool
    bodiless: bool


def declaration_of(view: Any, method: str) -> Declaration:
    """Read from ``extend_schema``, once for each method; what is not said there is not taken."""
    if (known := _declared.get((view, method))) is None:
        known = _declared[view, method] = _declaration(view, method)
    return known


def _declaration(view: Any, method: str) -> Declaration:
    schema = schema_of(view, method)
    asked: list[Any] = [one for one in schema.get_override_parameters() if not one.response]
    query = [one for one in asked if one.location == OpenApiParameter.QUERY]
    return Declaration(
        query={one.name: _shape(one) for one in query},
        repeated=frozenset(one.name for one in query if one.many or _shape(one).get("type") == "array"),
        versioned=any(one.name == IF_MATCH.name and one.required for one in asked),
        bodiless=method in WRITES and schema.get_request_serializer() is None,
    )


_declared: dict[tuple[Any, str], Declaration] = {}


def schema_of(view: Any, method: str) -> Any:
    """The library's description of a method, as its generator makes it."""
    handler = getattr(view, method.lower(), None)
    schema = getattr(handler, "kwargs", {}).get("schema", type(view.schema))()
    schema.method = method
    schema.view = view()
    schema.view.request, schema.view.kwargs = None, {}
    return schema


def _shape(parameter: OpenApiParameter) -> dict[str, Any]:
    kind: Any = parameter.type
    base = kind if isinstance(kind, dict) else build_basic_type(kind)
    said = {"enum": parameter.enum, "pattern": parameter.pattern}
    return {**(base or {}), **{name: value for name, value in said.items() if value is not None}}


def require_declared(given: QueryDict, declared: Declaration) -> None:
    """``Invalid`` for a query name that there is not, one given twice of which one would count, and a wrong value."""
    if faults := [*_unknown(given, declared.query), *_wrong(given, declared)]:
        raise Invalid(" ".join(one.detail for one in faults[:3]), errors=faults)


def _unknown(given: QueryDict, known: Iterable[str]) -> Iterator[FieldError]:
    there = f"there are {', '.join(known)}" if known else "none is taken here"
    for name in [one for one in given if one not in known][:MAX_NAMED]:
        detail = f"There is no query parameter {name[:MAX_NAME]!r}{nearest(name, known)}; {there}."
        yield FieldError(f"?{name[:MAX_NAME]}", "unknown_parameter", detail)


def _wrong(given: QueryDict, declared: Declaration) -> Iterator[FieldError]:
    for name, shape in declared.query.items():
        values = given.getlist(name)
        if len(values) > 1 and name not in declared.repeated:
            yield FieldError(f"?{name}", "repeated", f"Give {name} once.")
        for wanted in {fault for value in values if (fault := query_fault(shape, value))}:
            yield FieldError(f"?{name}", "invalid", f"{name} must be {wanted}.")


def query_fault(shape: Mapping[str, Any], text: str) -> str:
    """What the value of a query parameter must be, when it is not; an empty one is as none, but where it is an id."""
    if not text and shape.get("format") != "uuid":
        return ""
    if (values := shape.get("enum")) and text not in values:
        return f"one of {', '.join(filter(None, values))}"
    if (longest := shape.get("maxLength")) and len(text) > longest:
        return f"of at most {longest} characters"
    if (pattern := shape.get("pattern")) and not re.search(pattern, text):
        return str(shape.get("description") or f"of the form {pattern}")
    return _TYPES.get(shape.get("format") or shape.get("type", ""), _anything)(shape, text)


def _anything(shape: Mapping[str, Any], text: str) -> str:
    return ""


def _number(shape: Mapping[str, Any], text: str) -> str:
    least, most = shape.get("minimum", 0), shape.get("maximum", MAX_NUMBER)
    fits = text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most
    return "" if fits else f"a whole number from {least} to {most}"


def _flag(shape: Mapping[str, Any], text: str) -> str:
    return "" if text in ("true", "false") else "true or false"


def _id(shape: Mapping[str, Any], text: str) -> str:
    try:
        UUID(text)
    except ValueError:
        return "an id such as 0190f3f0-0000-7000-8000-000000000000"
    return ""


def _instant(shape: Mapping[str, Any], text: str) -> str:
    return "" if instant_of(text) else "an instant with its zone, such as 2026-03-31T09:00:00Z"


def instant_of(text: str) -> datetime | None:
    """An instant as RFC 3339 writes it, the zone too; a + that became a blank on its way is a +."""
    try:
        at = datetime.fromisoformat(text.replace(" ", "+") if text[10:11] in "Tt" else text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


_TYPES: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    "integer": _number,
    "int32": _number,
    "int64": _number,
    "boolean": _flag,
    "uuid": _id,
    "date-time": _instant,
}


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, as an aside; nothing when none is near."""
    found = get_close_matches(name[:MAX_NAME], list(known), n=1)
    return f" (is {found[0]!r} meant?)" if found else ""


# A front that compresses an answer marks its ETag with how (RFC 9110, 8.8.3.3); the version is the same.
_ETAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:-(?:gzip|zstd|br))?"$')


def etag_for(version: int) -> str:
    """The ETag of a row's version."""
    return f'"{version}"'


def require_version(request: HttpRequest) -> None:
    """428 for a change that does not say what it changes."""
    if request.META.get("HTTP_IF_MATCH") is None:
        raise PreconditionRequired("Send If-Match with the ETag you last read.")


def expected_version(request: HttpRequest) -> int | None:
    """The version named in If-Match; ``None`` without the header (where it is required, see above), and for any."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header == "*":
        return None
    match = _ETAG.match(header.strip())
    if not match:
        raise Invalid('If-Match must be the ETag you last read, for example "3".', code="etag_invalid")
    return int(match.group(1))
