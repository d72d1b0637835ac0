"""What of the list of cases is asked for: filters, order, and where a page goes on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from cases.domain.workflow.states import State
from cases.services.casefile import CASE_ORDERS, ListFilter
from cases.services.intake import CONDITIONS
from config.kernel.api import Window
from config.kernel.api.declarations import instant_of
from config.kernel.api.pages import strange_cursor
from config.kernel.api.strict_bodies import TEXT

_COLUMNS = dict(CASE_ORDERS)
SORTS = tuple(_COLUMNS)
_URGENCIES = ("", "urgent", "soon", "routine")
_STATE = "|".join(State)
FILTERS = (
    OpenApiParameter(
        "state",
        {"type": "string", "pattern": f"^({_STATE})(,({_STATE})){{0,{len(State)}}}$"},
        description="one or more states, separated by commas",
    ),
    OpenApiParameter("urgency", {"type": "string", "maxLength": 10, "pattern": TEXT}),
    OpenApiParameter(
        "specialty", {"type": "string", "maxLength": 40, "pattern": TEXT}, description="a key of the taxonomy"
    ),
    OpenApiParameter("service_type", {"type": "string", "maxLength": 20, "pattern": TEXT}),
    OpenApiParameter("condition", str, enum=tuple(CONDITIONS)),
    OpenApiParameter("on_hold", bool),
    OpenApiParameter("updated_since", OpenApiTypes.DATETIME),
    OpenApiParameter("due_before", OpenApiTypes.DATETIME, description="promised before"),
    OpenApiParameter("sort", str, enum=SORTS, description="newest first, without it"),
)


def chosen_cases(request: HttpRequest, wanted: Window) -> ListFilter:
    """The filters and the order of a query string that is as it is declared."""
    given = request.GET
    sort = given.get("sort", "") or SORTS[0]
    if wanted.after is not None and not _fits(wanted.key, _COLUMNS[sort]):
        raise strange_cursor()
    return ListFilter(
        tuple(State(name) for name in filter(None, given.get("state", "").split(","))),
        given.get("urgency", ""),
        given.get("specialty", ""),
        given.get("service_type", ""),
        given.get("condition", ""),
        {"true": True, "false": False}.get(given.get("on_hold", "")),
        instant_of(given.get("updated_since", "")),
        instant_of(given.get("due_before", "")),
        sort,
        wanted.key,
    )


def next_key(rows: Sequence[dict[str, Any]], chosen: ListFilter) -> str:
    """What the next page's cursor carries beside the last row's id."""
    column = _COLUMNS[chosen.sort]
    return str(rows[-1][column] or "") if column and rows else ""


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
