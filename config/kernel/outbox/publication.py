"""Writing an event into the outbox, in the transaction of the change that it tells of."""

import json

from django.db import connections

from config.kernel.db.context import ContextDatabase
from config.kernel.db.identifiers import uuid7
from config.kernel.db.router import alias_of
from config.kernel.events import Event
from config.kernel.observability.correlation import correlation_id
from config.kernel.outbox.states import OUTBOX_ENTRY

CHANNEL = "sop_outbox"


class PublishedOutsideTransaction(RuntimeError):
    """An event without the change it tells of would be a rumour."""


def publish(event: Event) -> None:
    """Add ``event`` to its own context's outbox; call it inside ``<context>.db.atomic()``.

    NOTIFY rides on the same statement and tells the relay at commit.
    """
    connection = connections[alias_of(event.context)]
    if not connection.in_atomic_block:
        raise PublishedOutsideTransaction(f"{event.name} was published outside {event.context}'s transaction")
    table = f'"{event.context}_outboxentry"'
    with ContextDatabase(alias_of(event.context)).prepared() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (event_id, name, aggregate_id, payload, correlation_id, status, tries,"
            " available_at, created_at, last_error)"
            f" VALUES (%s, %s, %s, %s, %s, '{OUTBOX_ENTRY.begins}', 0, clock_timestamp(), clock_timestamp(), '')"
            " RETURNING pg_notify(%s, %s)",
            [
                uuid7(),
                event.name,
                event.aggregate_id,
                json.dumps(event.payload()),
                correlation_id(),
                CHANNEL,
                event.context,
            ],
            prepare=True,
        )
