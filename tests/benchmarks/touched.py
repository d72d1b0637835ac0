"""What a read touches in the database, by PostgreSQL's own count, which no load of the machine changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections

# Tables and their indexes, of every context. Within a test's transaction the session's own count is not yet published.
_TOTAL = """
SELECT (SELECT coalesce(sum(coalesce(heap_blks_read + heap_blks_hit, 0) + coalesce(idx_blks_read + idx_blks_hit, 0)), 0)
          FROM pg_statio_user_tables),
       (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables)
     + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes)
"""


@dataclass(frozen=True)
class Touched:
    """Pages of 8 kB, read or found in memory; rows walked in tables, entries walked in indexes."""

    pages: int
    rows: int


class Touching:
    """How much everything within it touches: ``self.found`` afterwards."""

    def __enter__(self) -> Touching:
        self._before = _total()
        return self

    def __exit__(self, *error: Any) -> None:
        after = _total()
        self.found = Touched(*(int(now - then) for now, then in zip(after, self._before, strict=True)))


def _total() -> tuple[Any, ...]:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            # Told when the statement ends; else within a second.
            cursor.execute("SELECT pg_stat_force_next_flush()")
    with connections["default"].cursor() as cursor:
        cursor.execute(_TOTAL)
        return tuple(cursor.fetchone() or ())
