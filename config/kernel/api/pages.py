"""Cursor pages: keyset over time-ordered ids, so that page 1,000 costs what page 1 costs."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter

from config.kernel.errors import Conflict

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    description="How many; more than there may be is refused.",
)
CURSOR = OpenApiParameter(
    "cursor",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{22,200}$"},
    description="Of an earlier answer's next link, with the same filters and the same order (409 with another).",
)
PAGED = (LIMIT, CURSOR)


@dataclass(frozen=True)
class Window:
    """What part of a list is wanted: rows after ``after`` (exclusive), at most ``limit``.

    ``key`` is what the list was sorted by in the row ``after``; empty for lists that are sorted by id alone.
    """

    limit: int
    after: UUID | None
    key: str = ""


@dataclass(frozen=True)
class CursorPage:
    """Rows, the id to continue after (``None`` on the last page), and that row's sort key."""

    results: Sequence[Any]
    next_after: UUID | None
    next_key: str = ""


def window(request: HttpRequest) -> Window:
    """Read ``limit`` and ``cursor`` from a query string that is as it is declared."""
    after, key = _decode(cursor) if (cursor := request.GET.get("cursor")) else (None, "")
    return Window(int(request.GET.get("limit") or DEFAULT_LIMIT), after, key)


def page_response(request: HttpRequest, page: CursorPage) -> HttpResponse:
    """``{"next": url|null, "results": […]}``."""
    from config.kernel.api.views import json_response

    return json_response({"next": next_link(request, page), "results": page.results})


def next_link(request: HttpRequest, page: CursorPage) -> str | None:
    """The address of the next page, relative to the host; ``None`` on the last one."""
    if page.next_after is None:
        return None
    parameters = request.GET.dict() | {"cursor": _encode(page.next_after, page.next_key)}
    return f"{request.path}?{urlencode(parameters)}"


def _encode(after: UUID, key: str) -> str:
    return base64.urlsafe_b64encode(after.bytes + key.encode()).rstrip(b"=").decode()


def _decode(cursor: str) -> tuple[UUID, str]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==")
        return UUID(bytes=raw[:16]), raw[16:].decode()
    except (ValueError, UnicodeError):
        raise strange_cursor() from None


def strange_cursor() -> Conflict:
    """The refusal of a cursor that is none of this list in this order."""
    return Conflict(
        "The cursor is of another list, or of another order; begin again without it.", code="cursor_strange"
    )
