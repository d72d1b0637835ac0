"""A cursor whose statements PostgreSQL parses and plans once a connection, for what is asked and written most.

Django's own cursors bind on the client's side, so that their statements are planned anew every time.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg


class PreparedCursor(psycopg.Cursor[Any]):
    """On a Django connection, by its rules: wrappers around statements, their log, blocks that must roll back."""

    def __init__(self, wrapper: Any) -> None:
        super().__init__(wrapper.connection)
        self._wrapper = wrapper

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparedCursor":
        """As psycopg's."""
        wrapper = self._wrapper
        wrapper.validate_no_broken_transaction()
        run: Callable[..., Any] = partial(self._plainly, options)
        for around in reversed(wrapper.execute_wrappers):
            run = partial(around, run)
        run(query, params, False, {"connection": wrapper, "cursor": self})
        if wrapper.queries_logged:
            # So that pinned numbers of queries in tests see these statements too.
            wrapper.queries_log.append({"sql": str(query), "time": "0"})
        return self

    def _plainly(self, options: dict[str, Any], query: Any, params: Any, many: bool, context: Any) -> None:
        super().execute(query, params, **options)
