"""How many rows a list has: counted up to a bound, and said as what it is beyond."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MAX_COUNT = 10_000


class AtLeast(int):
    """A number that stands for itself and for more: pages are counted with it, people read the words."""

    def __str__(self) -> str:
        """What a page shows."""
        return f"more than {int(self):,}"


class SoFar(int):
    """How many were found among the rows that were looked at, which are not all."""

    def __str__(self) -> str:
        """What a page shows."""
        return f"at least {int(self):,}"


def counted(rows: QuerySet[Any], most: int) -> int:
    """The number of rows, or ``AtLeast`` the bound."""
    found = rows.order_by().values("pk")[: most + 1].count()
    return AtLeast(most) if found > most else found


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic for the checker only
    """Pages of at most the first 10,000 rows: counting a million takes longer than showing any page of them.

    Whoever looks for a row beyond these narrows the list by a filter or the search.
    """

    @cached_property
    def count(self) -> int:
        """The number of rows, or ``AtLeast`` the bound."""
        rows: Any = self.object_list
        # The ids alone, in no order: the rest is not looked at to count.
        return counted(rows, MAX_COUNT)

    def page(self, number: int | str) -> Page:  # type: ignore[type-arg]  # as above
        """The page, whose ids are found first: what stands before it is not put together to be passed over."""
        number = self.validate_number(number)
        rows: Any = self.object_list
        begin = (number - 1) * self.per_page
        ids = rows.select_related(None).values("pk")[begin : begin + self.per_page]
        return Page(rows.filter(pk__in=ids), number, self)
