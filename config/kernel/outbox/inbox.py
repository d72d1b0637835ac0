"""``@once``: a receiver whose effect happens exactly once, however often its event arrives."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from config.kernel.auth.context import SYSTEM, acting_as
from config.kernel.db.router import alias_of
from config.kernel.events import Event, signal_for
from config.kernel.observability.correlation import correlated

Handler = Callable[[Any], None]
_event_id: ContextVar[UUID | None] = ContextVar("event_id", default=None)


def current_event_id() -> UUID:
    """The id of the event that is being handled: the same at every delivery, so a key for what must happen once."""
    event_id = _event_id.get()
    if event_id is None:
        raise LookupError("no event is being handled")
    return event_id


def once(source: type[Event] | str, *, context: str) -> Callable[[Handler], Handler]:
    """Connect a handler of ``source`` (an event class, or its name) that lives in ``context``.

    The handler runs in a transaction of its context together with its inbox row: a second delivery
    finds the row and does nothing. The undecorated function is kept as ``handler.effect``.
    """
    name = source if isinstance(source, str) else source.name

    def decorate(function: Handler) -> Handler:
        consumer = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def receive(*, event: Event, event_id: UUID, correlation_id: str = "", **_: Any) -> None:
            alias = alias_of(context)
            with correlated(correlation_id), acting_as(SYSTEM), transaction.atomic(using=alias):
                if _first_time(alias, context, consumer, event_id):
                    token = _event_id.set(event_id)
                    try:
                        function(event)
                    finally:
                        _event_id.reset(token)

        signal_for(name).connect(receive, dispatch_uid=consumer, weak=False)
        receive.effect = function  # type: ignore[attr-defined]  # functions take attributes
        return receive  # type: ignore[return-value]  # the receiver is called by keyword, by the relay only

    return decorate


def _first_time(alias: str, context: str, consumer: str, event_id: UUID) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{context}_inboxentry" (event_id, consumer, received_at)'
            " VALUES (%s, %s, clock_timestamp()) ON CONFLICT (consumer, event_id) DO NOTHING RETURNING id",
            [event_id, consumer],
        )
        return cursor.fetchone() is not None
