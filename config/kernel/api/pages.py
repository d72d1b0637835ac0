"""Cursor pages: keyset over time-ordered ids, so that page 1,000 costs what page 1 costs."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from config.kernel.errors import FieldError, Invalid

DEFAULT_LIMIT = 25
MAX_LIMIT = 100


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
    """Read ``limit`` (1–100, larger is cut to 100) and ``cursor`` from the query string."""
    raw = request.GET.get("limit") or request.GET.get("page_size") or str(DEFAULT_LIMIT)
    if not raw.isascii() or not raw.isdigit() or int(raw[:9]) < 1:
        raise _wrong("limit", "a whole number from 1 to 100")
    cursor = request.GET.get("cursor")
    after, key = _decode(cursor) if cursor else (None, "")
    return Window(min(int(raw[:9]), MAX_LIMIT), after, key)


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
        raw = base64.urlsafe_b64decode(cursor[:200].encode("ascii") + b"==")
        return UUID(bytes=raw[:16]), raw[16:].decode()
    except (ValueError, UnicodeError):
        raise _wrong("cursor", "the cursor of an earlier answer's next link") from None


def _wrong(name: str, wanted: str) -> Invalid:
    detail = f"{name} must be {wanted}."
    return Invalid(detail, errors=[FieldError(f"?{name}", "invalid", detail)])
