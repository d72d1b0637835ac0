"""JSON in: bounded in size and depth, without bytes that PostgreSQL cannot hold."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from config.kernel.errors import TooLarge

MAX_BYTES = 1_000_000
MAX_DEPTH = 32


class BoundedJSONParser(BaseParser):
    """At most 1 MB and 32 levels; NUL and lone surrogates are refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The parsed value; a wrong one is a 400 that says what is wrong."""
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise TooLarge("The JSON body is larger than 1 MB.")
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not valid JSON: {error.msg} at character {error.pos}.") from error
        check_tree(value)
        return value


def check_tree(value: Any) -> None:
    """Walk without recursion, so that depth cannot exhaust the stack."""
    level = [value]
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
        level = below
    if level:
        raise ParseError(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
