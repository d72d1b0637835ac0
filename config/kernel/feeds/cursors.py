"""Reading an outbox so that nothing is passed: by what a snapshot shows, never by "greater than the last one".

Positions and ids of transactions are drawn before the commit, in no order with it. A cursor keeps the snapshot up to
which all was sent; what the present one shows and that one does not is next, in the order of positions. Whoever saw
another event of the same aggregate committed before it published has the higher position, and both lie in one window
or in two that follow each other: so an aggregate's events stay in order, and a long transaction holds up nobody.
"""

from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from django.db import connections, models, transaction
from django.db.models.expressions import RawSQL

from config.kernel.db.router import alias_of
from config.kernel.feeds.sinks import AUDIT_SUFFIX, wanted_sinks
from config.kernel.outbox.rows import OutboxRow

NOTHING_SEEN = "1:1:"
log = structlog.get_logger(__name__)
_CURSOR = (
    "SELECT seen, upto, position, pg_snapshot_xmax(coalesce(nullif(upto, ''), seen)::pg_snapshot)"
    ' > pg_snapshot_xmax(pg_current_snapshot()) FROM "{c}_feedcursor" WHERE feed = %s'
)
_FOREIGN = (
    'UPDATE "{c}_outboxentry" SET xid = pg_current_xact_id() WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())'
)
_AGAIN = "UPDATE \"{c}_feedcursor\" SET seen = %s, upto = '', position = 0 WHERE feed = %s"
_BEGIN = (
    'INSERT INTO "{c}_feedcursor" (feed, seen, upto, position, moved_at)'
    " VALUES (%s, %s, '', 0, clock_timestamp()) ON CONFLICT (feed) DO NOTHING"
)
_MOVE = (
    'UPDATE "{c}_feedcursor" SET seen = %s, upto = %s, position = %s, moved_at = clock_timestamp()'
    " WHERE feed = %s AND seen = %s AND upto = %s AND position = %s"
)
# The window that the present snapshot opens, and where in the order of positions it begins.
_WINDOW = (
    'SELECT pg_current_snapshot()::text, (SELECT min(position) FROM "{c}_outboxentry"'
    " WHERE xid >= pg_snapshot_xmin(%s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot))"
)
_ROWS = (
    "SELECT position, event_id, name, aggregate_id, payload::text, correlation_id, created_at"
    ' FROM "{c}_outboxentry" WHERE position > %s AND xid >= pg_snapshot_xmin(%s::pg_snapshot)'
    " AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot) AND pg_visible_in_snapshot(xid, %s::pg_snapshot)"
    " ORDER BY position LIMIT %s"
)
_PASSED = (
    '(SELECT count(*) FROM "{c}_feedcursor" AS k WHERE k.feed = ANY(%s) AND ('
    "pg_visible_in_snapshot(\"{c}_outboxentry\".xid, k.seen::pg_snapshot) OR (k.upto <> ''"
    " AND pg_visible_in_snapshot(\"{c}_outboxentry\".xid, nullif(k.upto, '')::pg_snapshot)"
    ' AND "{c}_outboxentry".position <= k.position))) = %s'
)
_LAG = (
    'SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) FROM "{c}_outboxentry"'
    " WHERE xid >= pg_snapshot_xmin(%s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)"
    " AND (position > %s OR %s = '' OR NOT pg_visible_in_snapshot(xid, nullif(%s, '')::pg_snapshot))"
)
_AUDIT_ROWS = (
    "SELECT id, at, request_id, object_id, entry_hash, sequence, action, outcome, purpose, actor_kind, actor_id,"
    ' patient_id, object_type FROM "{c}_auditentry" WHERE sequence > %s ORDER BY sequence LIMIT %s'
)


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """A feed's place in a context; see ``AbstractFeedCursor``."""

    context: str
    feed: str
    seen: str
    upto: str
    position: int


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows that come next, and where the cursor stands once they were taken."""

    rows: tuple[OutboxRow, ...]
    after: Cursor


def cursor_of(context: str, feed: str) -> Cursor:
    """Where the feed stands; a new one begins with the oldest event that is still kept.

    So does one that has seen what is yet to come: its database was brought here from another server, which numbered
    transactions by itself.
    """
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(_CURSOR.format(c=context), [feed])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_BEGIN.format(c=context), [feed, NOTHING_SEEN])
            row = (NOTHING_SEEN, "", 0)
        elif row[3]:
            _begin_again(context, feed)
            row = (NOTHING_SEEN, "", 0)
    return Cursor(context=context, feed=feed, seen=row[0], upto=row[1], position=row[2])


def next_events(at: Cursor, *, limit: int) -> Batch:
    """The events after ``at`` that are committed; none when there is nothing new."""
    with connections[alias_of(at.context)].cursor() as cursor:
        if at.upto:
            if rows := _rows(cursor, at, limit):
                return _batch(at, rows, limit)
            # The window ended with a full batch: what was committed meanwhile opens the next one, now.
            at = _moved(at, seen=at.upto, upto="", position=0)
        cursor.execute(_WINDOW.format(c=at.context), [at.seen, at.seen])
        upto, first = cursor.fetchone()
        if first is None:
            # Unmoved: else each look would write a row.
            return Batch(rows=(), after=at)
        at = _moved(at, seen=at.seen, upto=upto, position=first - 1)
        return _batch(at, _rows(cursor, at, limit), limit)


def next_audit_rows(at: Cursor, *, limit: int) -> tuple[list[tuple[Any, ...]], Cursor]:
    """The sealed audit rows after ``at``, in the order of the chain."""
    with connections[alias_of(at.context)].cursor() as cursor:
        cursor.execute(_AUDIT_ROWS.format(c=at.context), [at.position, limit])
        rows = cursor.fetchall()
    return rows, _moved(at, seen=at.seen, upto="", position=rows[-1][5] if rows else at.position)


def move(at: Cursor, after: Cursor) -> None:
    """Write down that all before ``after`` was taken; does nothing if somebody else has moved the cursor meanwhile."""
    with transaction.atomic(using=alias_of(at.context)), connections[alias_of(at.context)].cursor() as cursor:
        # A move that a crash of the database takes back has events sent again: nobody need wait for the disk.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute(
            _MOVE.format(c=at.context),
            [after.seen, after.upto, after.position, at.feed, at.seen, at.upto, at.position],
        )


def lag_seconds(at: Cursor) -> float:
    """How old the oldest event is that the feed has not sent; 0 when it has sent all."""
    with connections[alias_of(at.context)].cursor() as cursor:
        cursor.execute(_LAG.format(c=at.context), [at.seen, at.seen, at.position, at.upto, at.upto])
        return float(cursor.fetchone()[0])


def passed_by_every_feed(context: str) -> RawSQL | None:
    """The condition on outbox rows that every feed that is set has sent them; ``None`` without any feed."""
    feeds = list(wanted_sinks())
    if not feeds:
        return None
    statement = _PASSED.format(c=context)
    return RawSQL(statement, [feeds, len(feeds)], output_field=models.BooleanField())  # noqa: S611  names of ours alone


def audit_feed(sink: str) -> str:
    """The name of the cursor that a sink has among the audit rows."""
    return f"{sink}{AUDIT_SUFFIX}"


def _begin_again(context: str, feed: str) -> None:
    log.warning("feed_begins_again", context=context, kind=feed)
    with transaction.atomic(using=alias_of(context)), connections[alias_of(context)].cursor() as cursor:
        cursor.execute(_FOREIGN.format(c=context))
        cursor.execute(_AGAIN.format(c=context), [NOTHING_SEEN, feed])


def _moved(at: Cursor, *, seen: str, upto: str, position: int) -> Cursor:
    return Cursor(context=at.context, feed=at.feed, seen=seen, upto=upto, position=position)


def _rows(cursor: Any, at: Cursor, limit: int) -> tuple[OutboxRow, ...]:
    cursor.execute(_ROWS.format(c=at.context), [at.position, at.seen, at.seen, at.upto, limit])
    return tuple(_row(*found) for found in cursor.fetchall())


def _batch(at: Cursor, rows: tuple[OutboxRow, ...], limit: int) -> Batch:
    if len(rows) < limit:
        return Batch(rows=rows, after=_moved(at, seen=at.upto, upto="", position=0))
    return Batch(rows=rows, after=_moved(at, seen=at.seen, upto=at.upto, position=rows[-1].position))


def _row(*values: Any) -> OutboxRow:
    position, event_id, name, aggregate_id, payload, correlation_id, created_at = values
    return OutboxRow(
        position=position,
        event_id=event_id,
        name=name,
        aggregate_id=aggregate_id,
        payload=orjson.loads(payload),
        correlation_id=correlation_id,
        created_at=created_at,
    )
