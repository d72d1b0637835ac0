"""The page of a long list, found within bounds however many rows there are, and what was not looked at is said.

What an index serves is shown as it stands. A list that is narrowed to few rows is sorted by any column. Anything else
is looked for among the first rows of the order, and the page says so: it never shows less as if it were all.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from config.kernel.admin.bounded_count import SoFar
from config.kernel.admin.index_orders import in_order, leads, tie

# How many rows are looked at where no index leads to the ones that are wanted; and up to how many any order is given.
LOOKED_AT = 3_000
_NOT_ALL = (
    "Only the first {looked_at:,} rows in this order were looked at: what is shown is right, there may be more. Narrow"
    " the list by another filter or search for an id to look further."
)
_NOT_SORTED = (
    "There are too many rows to sort by this column, so they stand in their usual order. Narrow the list to"
    " {looked_at:,} rows or fewer, then it sorts by any column."
)


_BY_INDEX = (
    "These rows were found by the ids that this list is kept by. Rows that only mention this one were not looked for,"
    " as there are too many."
)


class Narrowing(NamedTuple):
    """One filter, or the search: the rows that it leaves of all. ``led``: an index leads to them."""

    rows: QuerySet[Any]
    led: bool
    field: str = ""
    value: Any = None
    told: str = ""


class BoundedChangeList(ChangeList):
    """Finds each page by a bounded number of rows."""

    incomplete = False

    def get_results(self, request: HttpRequest) -> None:
        """As Django's, of rows that are found within bounds."""
        told = ""
        if _more_than(self.root_queryset, LOOKED_AT):
            self.queryset, told = self._bounded(request)
        super().get_results(request)
        if self.incomplete:
            self.result_count = self.paginator.count = SoFar(self.paginator.count)
        if told and request.method == "GET":
            messages.info(request, told.format(looked_at=LOOKED_AT))

    def _get_deterministic_ordering(self, ordering: Any) -> list[Any]:
        """Ties go the way that the column's index has them."""
        found: list[Any] = super()._get_deterministic_ordering(ordering)
        if len(found) == 2 and found[-1] == "-pk" and isinstance(found[0], str) and "__" not in found[0]:
            found[-1] = tie(self.model, found[0])
        return found

    def _bounded(self, request: HttpRequest) -> tuple[QuerySet[Any], str]:
        """The rows to page through, in their order; and what to tell about them."""
        order = tuple(self.queryset.query.order_by)
        narrowings = list(self._narrowings(request))
        if not narrowings:
            return (self.queryset, "") if in_order(self.model, order) else self._in_usual_order(self.queryset)
        for one in narrowings:
            if one.led and not _more_than(one.rows, LOOKED_AT):
                return self._fitting(one.rows.order_by()[: LOOKED_AT + 1], order), one.told
        return self._of_many(narrowings, order)

    def _of_many(self, narrowings: list[Narrowing], order: tuple[Any, ...]) -> tuple[QuerySet[Any], str]:
        """Where each filter leaves many rows: by the one whose index gives them in order, else by the order's own."""
        told, usual = "", self._usual_order()
        lead = next((one for one in narrowings if self._serves(one, order)), None)
        if lead is None and not in_order(self.model, order):
            told = _NOT_SORTED
        if lead is None and (told or any(self._serves(one, usual) for one in narrowings)):
            told, order = _NOT_SORTED if order != usual else "", usual
            lead = next((one for one in narrowings if self._serves(one, usual)), None)
        if lead is not None and len(narrowings) == 1:
            return self.queryset.order_by(*order), told
        self.incomplete = True
        base = self.root_queryset if lead is None else lead.rows
        return self._fitting(base.order_by(*order)[:LOOKED_AT], order), f"{told} {_NOT_ALL}".strip()

    def _fitting(self, first: QuerySet[Any], order: tuple[Any, ...]) -> QuerySet[Any]:
        """Of these rows those that the list is for: the bound is a fence, whatever the planner takes to be cheaper."""
        connection, every = connections[self.queryset.db], self.apply_select_related(self.root_queryset)
        table, key = map(connection.ops.quote_name, (self.model._meta.db_table, self.model._meta.pk.column))
        try:
            inner, values = first.query.sql_with_params()
            query = self.queryset.query
            where, wanted = query.get_compiler(connection=connection).compile(query.where)
        except EmptyResultSet:
            return every.none()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {table}.{key} FROM ({inner}) {table} WHERE {where}", [*values, *wanted])
            found = [key for (key,) in cursor.fetchall()]
        return every.filter(pk__in=found).order_by(*order)

    def _serves(self, one: Narrowing, order: tuple[Any, ...]) -> bool:
        return one.led and bool(one.field) and in_order(self.model, order, one.field, one.value)

    def _usual_order(self) -> tuple[Any, ...]:
        return tuple(self._get_deterministic_ordering(self._get_default_ordering()))

    def _in_usual_order(self, rows: QuerySet[Any]) -> tuple[QuerySet[Any], str]:
        return rows.order_by(*self._usual_order()), _NOT_SORTED

    def _narrowings(self, request: HttpRequest) -> Iterator[Narrowing]:
        """Each filter that is set, and the search; for what is set by other parameters, the list itself."""
        apart = self.root_queryset
        for spec in self.filter_specs:
            rows = spec.queryset(request, self.root_queryset)
            if rows is None or not _narrower(rows, self.root_queryset):
                continue
            apart = spec.queryset(request, apart)
            field, value = _meant(spec)
            yield Narrowing(rows, bool(field) and leads(self.model, field, value), field, value)
        if self.query:
            apart, _ = self.model_admin.get_search_results(request, apart, self.query)
            yield self._searched(request)
        if _narrower(self.queryset, apart):
            yield Narrowing(self.queryset, led=False)

    def _searched(self, request: HttpRequest) -> Narrowing:
        """What indexes lead to, where they do; where they lead to nothing, whatever the search may find."""
        led, is_all = self.model_admin.search_by_index(self.root_queryset, self.query)
        if is_all or led.exists():
            return Narrowing(led, led=True, told="" if is_all else _BY_INDEX)
        rows, _ = self.model_admin.get_search_results(request, self.root_queryset, self.query)
        return Narrowing(rows, led=False)


def _more_than(rows: QuerySet[Any], most: int) -> bool:
    return rows.order_by().values("pk")[: most + 1].count() > most


def _narrower(rows: QuerySet[Any], than: QuerySet[Any]) -> bool:
    return _conditions(rows) > _conditions(than)


def _conditions(rows: QuerySet[Any]) -> int:
    return len(rows.query.where.children)


def _meant(spec: Any) -> tuple[str, Any]:
    """The field and the one value that a filter by a field is set to; no field where it is something else."""
    field, used = getattr(spec, "field", None), getattr(spec, "used_parameters", {})
    if field is None or len(used) != 1 or "__" in spec.field_path:
        return "", None
    ((name, values),) = used.items()
    value = values[-1] if isinstance(values, list) else values
    lookup = name.removeprefix(spec.field_path)
    if lookup in ("__isempty", "__isnull"):
        empty = str(value).lower() in ("1", "true")
        return (field.name, None) if empty else ("", None)
    return (field.name, field.to_python(value)) if lookup in ("", "__exact") else ("", None)
