"""A caller's JSON, wherever it stands: bounded in size, depth and number of values, without NUL and lone surrogates.

An object that says a name twice means one of two things, and no reader knows which: it is refused.
"""

import json
from typing import Any

import orjson

from config.kernel.errors import FieldError, Invalid, TooLarge

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
# What a body says is looked at value by value, and each may be answered for: a megabyte holds 500,000 of them.
MAX_VALUES = 10_000


def bounded_json(text: bytes | str) -> Any:
    """The value of a body, or of a form's field. ``Invalid``, ``TooLarge``."""
    if len(text) > MAX_BYTES:
        raise TooLarge("The JSON body is larger than 1 MB.")
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _broken(f"The body is not valid JSON: {error.msg} at character {error.pos}.") from error
    _check_tree(value)
    json.loads(text, object_pairs_hook=_require_distinct, parse_int=len, parse_float=len)
    return value


def _require_distinct(pairs: list[tuple[str, Any]]) -> None:
    """Of one object, as it was written: orjson keeps the last of equal names and tells nobody."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            detail = f"The name {name[:100]!r} stands twice in one object; say it once."
            raise Invalid(detail, code="parse_error", errors=[FieldError("#", "repeated_name", detail)])
        seen.add(name)


def _check_tree(value: Any) -> None:
    """Walk without recursion, so that depth cannot exhaust the stack; a name counts as a value."""
    level, values = [value], 1
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item)
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            elif isinstance(item, str) and "\x00" in item:
                raise _broken("Text must not contain the NUL character.")
        level, values = below, values + len(below)
        if values > MAX_VALUES:
            raise TooLarge(f"The JSON holds more than {MAX_VALUES} values and names; send it in parts.")
    if level:
        raise _broken(f"The JSON is nested deeper than {MAX_DEPTH} levels.")


def _broken(detail: str) -> Invalid:
    return Invalid(detail, code="parse_error")
