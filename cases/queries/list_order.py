"""In which orders a list of cases is given: pages go on by the value that the last row had when it was shown.

A row that has changed since is thus no reason for others to be lost: it is found where it stands now.
"""

from dataclasses import dataclass

NEWEST = "newest"


@dataclass(frozen=True)
class Order:
    """``column`` is the field of a shown row that its page's cursor carries; empty: the id alone.

    ``value`` is what decides, ``way`` its direction (and that of the id, which settles ties); ``within`` orders the
    statement that finds, ``shown`` the rows it found (whose instants are text by then), ``later`` is the condition on
    what comes after a row.
    """

    column: str
    value: str
    way: str
    within: str
    shown: str
    later: str


def _by(column: str, value: str, key: str, shown: str, *, up: bool) -> Order:
    way, sign = ("ASC", ">") if up else ("DESC", "<")
    later = f"({value}, cases_case.id) {sign} ({key}, %(after)s)"
    return Order(
        column, value, way, f"{value} {way}, cases_case.id {way}", f"{shown} {way} NULLS LAST, id {way}", later
    )


def _rank(text: str) -> str:
    return f"coalesce(array_position(ARRAY['urgent', 'soon', 'routine'], {text}::text), 4)"


ORDERS: dict[str, Order] = {
    NEWEST: Order("", "cases_case.id", "DESC", "id DESC", "id DESC", "id < %(after)s"),
    "updated": _by("updated_at", "cases_case.updated_at", "%(key)s::timestamptz", "updated_at", up=False),
    "waiting": _by("state_since", "cases_case.state_since", "%(key)s::timestamptz", "state_since", up=True),
    "due": _by(
        "promised_at",
        "coalesce(cases_case.promised_at, 'infinity')",
        "coalesce(nullif(%(key)s, '')::timestamptz, 'infinity')",
        "promised_at",
        up=True,
    ),
    "urgency": _by("urgency", _rank("cases_case.urgency"), _rank("%(key)s"), _rank("urgency"), up=True),
}
