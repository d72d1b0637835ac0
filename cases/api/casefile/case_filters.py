"""What of the list of cases is asked for: filters, order, and where a page goes on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from cases.domain.workflow.states import State
from cases.services.casefile import CASE_ORDERS, ListFilter
from cases.services.intake import CONDITIONS
from config.kernel.api import Window
from config.kernel.errors import FieldError, Invalid

_COLUMNS = dict(CASE_ORDERS)
SORTS = tuple(_COLUMNS)
_URGENCIES = ("", "urgent", "soon", "routine")


def chosen_cases(request: HttpRequest, wanted: Window) -> ListFilter:
    """The filters and the order of the query string; ``Invalid`` names the parameter that is wrong."""
    given = request.GET
    sort = _one_of("sort", given.get("sort", "") or SORTS[0], SORTS)
    if wanted.after is not None and not _fits(wanted.key, _COLUMNS[sort]):
        raise _wrong("cursor", "the cursor of an earlier answer's next link, with the same sort")
    return ListFilter(
        tuple(_one_of("state", name, tuple(State)) for name in filter(None, given.get("state", "").split(","))),
        given.get("urgency", "")[:10],
        given.get("specialty", "")[:40],
        given.get("service_type", "")[:20],
        _one_of("condition", given.get("condition", ""), ("", *CONDITIONS)),
        _flag(given.get("on_hold", "")),
        _instant("updated_since", given.get("updated_since", "")),
        _instant("due_before", given.get("due_before", "")),
        sort,
        wanted.key,
    )


def next_key(rows: Sequence[dict[str, Any]], chosen: ListFilter) -> str:
    """What the next page's cursor carries beside the last row's id."""
    column = _COLUMNS[chosen.sort]
    return str(rows[-1][column] or "") if column and rows else ""


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _wrong(name, f"one of {', '.join(filter(None, allowed))}")
    return value


def _flag(value: str) -> bool | None:
    return {"": None, "true": True, "false": False}[_one_of("on_hold", value, ("", "true", "false"))]


def _instant(name: str, value: str) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise _wrong(name, "an instant such as 2026-03-31T09:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _fits(key: str, column: str) -> bool:
    """Whether a cursor's key is a value of the column that the list is sorted by."""
    if column == "urgency":
        return key in _URGENCIES
    # A case without a promise has none yet; every other instant is always there.
    if not key:
        return column in ("", "promised_at")
    try:
        return bool(column) and datetime.fromisoformat(key).tzinfo is not None
    except ValueError:
        return False


def _wrong(name: str, wanted: str) -> Invalid:
    detail = f"{name} must be {wanted}."
    return Invalid(detail, errors=[FieldError(f"?{name}", "invalid", detail)])
