"""JSON in: bounded in size, depth and number of values, without bytes that PostgreSQL cannot hold."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from config.kernel.errors import TooLarge

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
# What a body says is looked at value by value, and each may be answered for: a megabyte holds 500,000 of them.
MAX_VALUES = 10_000


class BoundedJSONParser(BaseParser):
    """At most 1 MB, 32 levels and 10,000 values; NUL and lone surrogates are refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed value; a wrong one is a 400 that says what is wrong."""
        body = stream.read(MAX_BYTES + 1)
        return bounded_json(body)


def bounded_json(body: bytes | str) -> Any:
    """The value of a caller's JSON, wherever it stands (a body, a form's field): ``ParseError``, ``TooLarge``."""
    if len(body) > MAX_BYTES:
        raise TooLarge("The JSON body is larger than 1 MB.")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"The body is not valid JSON: {error.msg} at character {error.pos}.") from error
    check_tree(value)
    return value


def check_tree(value: Any) -> None:
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
                raise ParseError("Text must not contain the NUL character.")
        level, values = below, values + len(below)
        if values > MAX_VALUES:
            raise TooLarge(f"The JSON holds more than {MAX_VALUES} values and names; send it in parts.")
    if level:
        raise ParseError(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
