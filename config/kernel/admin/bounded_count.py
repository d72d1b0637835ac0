"""How many rows a list has: counted up to a bound, and said as what it is beyond."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MAX_COUNT = 10_000


class AtLeast(int):
    """A number that stands for itself and for more: pages are counted with it, people read the words."""

    def __str__(self) -> str:
        """What a page shows."""
        return f"more than {int(self):,}"


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic for the checker only
    """Pages of at most the first 10,000 rows: counting a million takes longer than showing any page of them.

    Whoever looks for a row beyond these narrows the list by a filter or the search.
    """

    @cached_property
    def count(self) -> int:
        """The number of rows, or ``AtLeast`` the bound."""
        rows: Any = self.object_list
        # The ids alone, in no order: the rest is not looked at to count.
        found: int = rows.order_by().values("pk")[: MAX_COUNT + 1].count()
        return AtLeast(MAX_COUNT) if found > MAX_COUNT else found
