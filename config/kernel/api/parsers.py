"""JSON in, as Django REST framework asks for it."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from config.kernel.api.json_texts import MAX_BYTES, bounded_json


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
        return bounded_json(stream.read(MAX_BYTES + 1))
