"""Transactions bound to one context's alias. A bare ``atomic()`` would protect identity's alias only."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from config.kernel import clock
from config.kernel.db.prepared_cursor import PreparedCursor


class ContextDatabase:
    """``atomic``, ``on_commit`` and the clock of one context's database."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def atomic(self, *, savepoint: bool = True, durable: bool = False) -> AbstractContextManager[Any]:
        """A transaction on this context's alias."""
        return transaction.atomic(using=self.alias, savepoint=savepoint, durable=durable)

    def on_commit(self, function: Callable[[], Any]) -> None:
        """Call ``function`` once this context's transaction is committed."""
        transaction.on_commit(function, using=self.alias)

    def now(self) -> datetime:
        """The instant by the platform clock (held still in tests)."""
        return clock.now()

    @contextmanager
    def prepared(self) -> Iterator[PreparedCursor]:
        """A cursor whose statements PostgreSQL parses and plans once a connection: for the few hot ones.

        Django's own cursors bind on the client's side, so their statements are planned anew every time.
        """
        wrapper: Any = connections[self.alias]
        # As Django does before a cursor of its own: a connection that was lost is opened again.
        wrapper.close_if_health_check_failed()
        wrapper.ensure_connection()
        with wrapper.wrap_database_errors, PreparedCursor(wrapper) as cursor:
            yield cursor

    @property
    def connection(self) -> Any:
        """The Django connection of this alias, for the few hot statements written in SQL."""
        return connections[self.alias]
