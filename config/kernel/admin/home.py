"""What stands on the staff's first page: queues that wait for the caller's role, and figures. Counts only, no names.

A context offers a ``StaffHome``: functions of the caller's roles, one or two queries each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django.db.models import QuerySet

from config.kernel.admin.base_tables import OPERATIONS
from config.kernel.admin.bounded_count import AtLeast, counted
from config.kernel.db.router import alias_of, context_labels
from config.kernel.jobs.states import JobState
from config.kernel.outbox.states import OutboxState
from config.kernel.ports import ContextPort

Roles = frozenset[str]
# A queue counts no further: that more wait than anybody does in a day is all that one has to know.
MAX_COUNT = 1_000


@dataclass(frozen=True)
class Queue:
    """Work that waits: how much of it, and the filtered list that shows it. ``late``: somebody waits too long."""

    title: str
    count: int
    link: str
    late: bool = False


@dataclass(frozen=True)
class Bar:
    """One value of a figure."""

    label: str
    value: int


@dataclass(frozen=True)
class Figure:
    """A small plot with its numbers: ``bars`` in the order they are drawn, ``note`` says what is counted."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""

    @property
    def shares(self) -> list[tuple[Bar, int]]:
        """Each bar with its length in percent of the longest."""
        longest = max((bar.value for bar in self.bars), default=0) or 1
        return [(bar, round(100 * bar.value / longest)) for bar in self.bars]


def _nothing(roles: Roles) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class StaffHome:
    """What a context shows on the first page; one with nothing to show says so by ``StaffHome()``."""

    queues: Callable[[Roles], Iterable[Queue]] = _nothing
    figures: Callable[[Roles], Iterable[Figure]] = _nothing


STAFF_HOME: ContextPort[StaffHome] = ContextPort("staff_home")


def listed(context: str, model: str, **filters: str | int) -> str:
    """The address of a model's list, filtered."""
    return f"/admin/{context}/{model}/" + (f"?{urlencode(filters)}" if filters else "")


def waiting(rows: QuerySet[Any]) -> int:
    """How many rows wait, as far as a queue counts."""
    return counted(rows, MAX_COUNT)


def as_counted(found: int) -> int:
    """A number that a statement counted up to one beyond the bound."""
    return AtLeast(MAX_COUNT) if found > MAX_COUNT else found


def queues_for(roles: Roles) -> list[Queue]:
    """The queues of these roles, late ones first, empty ones last."""
    found = [queue for home in STAFF_HOME.each() for queue in home.queues(roles)]
    if roles & OPERATIONS:
        found += _dead()
    return sorted(found, key=lambda queue: (not (queue.late and queue.count), queue.count == 0))


def figures_for(roles: Roles) -> list[Figure]:
    """The figures that these roles may see."""
    return [figure for home in STAFF_HOME.each() for figure in home.figures(roles)]


def _dead() -> Iterable[Queue]:
    for context in context_labels():
        with connections[alias_of(context)].cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM"
                f" (SELECT FROM \"{context}_outboxentry\" WHERE status = '{OutboxState.DEAD}'"
                f" LIMIT {MAX_COUNT + 1}) events),"
                " (SELECT count(*) FROM"
                f" (SELECT FROM \"{context}_job\" WHERE state = '{JobState.DEAD}' LIMIT {MAX_COUNT + 1}) jobs)"
            )
            events, jobs = map(as_counted, cursor.fetchone())
        if events:
            yield Queue(
                f"Dead events of {context}",
                events,
                listed(context, "outboxentry", status__exact=OutboxState.DEAD),
                late=True,
            )
        if jobs:
            yield Queue(f"Dead jobs of {context}", jobs, listed(context, "job", state__exact=JobState.DEAD), late=True)
