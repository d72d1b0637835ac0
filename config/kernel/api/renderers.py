"""JSON out."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


class OrjsonRenderer(BaseRenderer):
    """DTOs, dates and UUIDs as they are."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Bytes of JSON; nothing for an empty answer."""
        return b"" if data is None else orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)
