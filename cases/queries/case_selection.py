"""Which cases a page of a long list shows: their ids, found by indexes alone, however many cases there are.

Staff and specialists come to a case in several ways. Each way is asked by itself, so that each has its index, and the
few it finds are put together. A filter that no index serves in the order that is asked for is looked for in two
ways: among the first cases of the order, which hold a page of what is common; and, only where they do not, by the
filter's own index, which is short for what is rare. Values stand in the statement, so that it is planned for them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.domain.casefile.access_rules import RULES, Relation
from cases.domain.workflow.states import State
from cases.queries.list_order import NEWEST, ORDERS, Order
from cases.queries.relation_scopes import holds, in_states, possible_for
from config.kernel.auth import Principal

# How many cases of an order are looked at before the filter's index is asked.
LOOKED_AT = 3_000
# Of more states than that the cases are not asked for state by state.
_FEW_STATES = 3
# All that filters and orders look at: what is set aside on the way holds nothing else.
_LOOKED_FOR = "id, state, urgency, specialty, service_type, condition, held_by, updated_at, state_since, promised_at"
_BY_VALUE = ("urgency", "specialty", "service_type", "condition")


@dataclass(frozen=True)
class ListFilter:
    """What of a list is wanted, and in which order; empty means all. See ``cases.queries.list_order`` for ``sort``.

    ``key`` is the sort column's value in the row that the page continues after.
    """

    states: tuple[str, ...] = ()
    urgency: str = ""
    specialty: str = ""
    service_type: str = ""
    condition: str = ""
    on_hold: bool | None = None
    updated_since: datetime | None = None
    due_before: datetime | None = None
    sort: str = NEWEST
    key: str = ""


# For each filter its condition, and how its value is given to the statement.
_CONDITIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "states": ("state = ANY(%(states)s)", list),
    **{name: (f"{name} = %({name})s", str) for name in _BY_VALUE},
    "on_hold": ("(held_by IS NOT NULL) = %(on_hold)s", bool),
    "updated_since": ("cases_case.updated_at >= %(updated_since)s", lambda at: at),
    # Spelled as it is sorted by, for the same index: what is promised for no time is due at the end of time.
    "due_before": ("coalesce(cases_case.promised_at, 'infinity') < %(due_before)s", lambda at: at),
}


def conditions_of(chosen: ListFilter) -> tuple[dict[str, str], dict[str, Any]]:
    """The conditions of the filters that are set, by name, and their values."""
    found, values = {}, {}
    for name, (condition, value) in _CONDITIONS.items():
        wish = getattr(chosen, name)
        if wish is not None and wish != "" and wish != ():
            found[name], values[name] = condition, value(wish)
    if chosen.on_hold is not None:
        # Spelled so that the index of the few that are held serves.
        found["on_hold"] = f"held_by IS {'NOT ' if chosen.on_hold else ''}NULL"
    return found, values


_SEVERAL = frozenset({Relation.ASSIGNED, Relation.PEER, Relation.OFFERED, Relation.STAFF})


def comes_in_several_ways(principal: Principal) -> bool:
    """Whether somebody sees cases by more than being, or acting for, the patient."""
    return not _SEVERAL.isdisjoint(possible_for(principal))


def selected(principal: Principal, *, after: UUID | None, limit: int, chosen: ListFilter) -> tuple[str, dict[str, Any]]:
    """A statement for the ids of one page, in no order, and its values; ``me`` and ``now`` are the caller's to add."""
    order = ORDERS[chosen.sort]
    filters, values = conditions_of(chosen)
    later = [order.later] if after is not None else []
    ways = list(_ways(principal, chosen, filters, later))
    values |= {"limit": limit, "after": after, "key": chosen.key, "looked_at": LOOKED_AT}
    found = " UNION ALL ".join(f"({way})" for way in ways)
    return (
        f"SELECT id FROM (SELECT DISTINCT id, key FROM ({found}) ways) every"
        f" ORDER BY key {order.way}, id {order.way} LIMIT %(limit)s",
        values,
    )


def _ways(principal: Principal, chosen: ListFilter, filters: dict[str, str], later: list[str]) -> Iterator[str]:
    order = ORDERS[chosen.sort]
    for relation in possible_for(principal):
        if relation is Relation.STAFF:
            yield from _of_staff(chosen, filters, later)
        elif relation is not Relation.DELEGATE:
            # Specialists and staff act for nobody.
            yield _all_of(holds(relation, from_offers=True), [*filters.values(), *later], order)


def _of_staff(chosen: ListFilter, filters: dict[str, str], later: list[str]) -> Iterator[str]:
    """Everything but drafts, which are the patient's alone."""
    order, others = ORDERS[chosen.sort], {name: one for name, one in filters.items() if name != "states"}
    known = RULES[Relation.STAFF].known_in
    states = [state for state in chosen.states if state in known]
    if chosen.states and not states:
        return
    if 0 < len(states) <= _FEW_STATES:
        # Names of states come from the list of states, so they may stand in the statement.
        for state in states:
            yield _walked(f"state = '{State(state)}'", list(others.values()), later, order, indexed=not others)
        return
    served = not filters or (chosen.sort == NEWEST and len(filters) == 1 and next(iter(filters)) in _BY_VALUE)
    yield _walked(in_states(known), list(filters.values()), later, order, indexed=served)


def _all_of(relation: str, conditions: list[str], order: Order) -> str:
    """By the relation's index: one person has few cases, whatever is asked of them."""
    theirs = f"SELECT {_LOOKED_FOR} FROM cases_case WHERE {relation} OFFSET 0"
    return (
        f"SELECT id, {order.value} AS key FROM ({theirs}) cases_case{_where(conditions)}"
        f" ORDER BY {order.within} LIMIT %(limit)s"
    )


def _walked(scope: str, filters: list[str], later: list[str], order: Order, *, indexed: bool) -> str:
    """In the order's index, if it serves; else among its first cases, and by the filter's where these are too few."""
    columns = f"id, {order.value} AS key"
    if indexed:
        conditions = [scope, *filters, *later]
        return f"SELECT {columns} FROM cases_case{_where(conditions)} ORDER BY {order.within} LIMIT %(limit)s"
    first = f"SELECT {_LOOKED_FOR} FROM cases_case{_where([scope, *later])} ORDER BY {order.within} LIMIT %(looked_at)s"
    every = f"SELECT {_LOOKED_FOR} FROM cases_case{_where([scope, *filters, *later])} OFFSET 0"
    return (
        f"WITH first AS MATERIALIZED ({first}), near AS MATERIALIZED (SELECT {columns} FROM first cases_case"
        f"{_where(filters)} ORDER BY {order.within} LIMIT %(limit)s)"
        " SELECT id, key FROM near UNION ALL"
        f" (SELECT {columns} FROM ({every}) cases_case WHERE (SELECT count(*) FROM near) < %(limit)s"
        f" AND (SELECT count(*) FROM first) = %(looked_at)s ORDER BY {order.within} LIMIT %(limit)s)"
    )


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
