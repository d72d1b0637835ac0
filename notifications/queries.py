"""The reads that are called most: one statement each, planned once for each connection, and no model instances."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import orjson

from notifications.db import database
from notifications.models import Notice

# By sequence, not by id: ids are drawn before commit, and the order of two drawn in one millisecond is chance.
_PAGE = """
SELECT counted.unread, n.id, n.sequence, n.kind, n.subject_id, n.created_at, n.read_at, n.category,
       n.template, n.template_version, n."values"
  FROM (SELECT count(*) AS unread FROM notifications_notice
         WHERE user_id = %(me)s AND read_at IS NULL) AS counted
  LEFT JOIN LATERAL (
       SELECT id, sequence, kind, subject_id, created_at, read_at, category, template, template_version, "values"
         FROM notifications_notice
        WHERE user_id = %(me)s {conditions} ORDER BY sequence DESC LIMIT %(limit)s) AS n ON true
 ORDER BY n.sequence DESC
"""
_AFTER = "AND sequence < (SELECT a.sequence FROM notifications_notice a WHERE a.id = %(after)s AND a.user_id = %(me)s)"
_AFTER_EACH = """
SELECT n.*, w.since
  FROM unnest(%s::uuid[], %s::bigint[]) AS w(reader, since)
 CROSS JOIN LATERAL (
       SELECT * FROM notifications_notice
        WHERE user_id = w.reader AND sequence > w.since ORDER BY sequence LIMIT %s) AS n
 ORDER BY n.user_id, w.since, n.sequence
"""
_LATEST = "SELECT user_id, last FROM notifications_counter WHERE user_id = ANY(%s)"


def page_of_notices(
    user_id: UUID, *, after: UUID | None, limit: int, unread_only: bool
) -> tuple[int, list[tuple[Any, ...]]]:
    """How many notices are unread, and rows as they are selected, newest first."""
    conditions = [_AFTER] if after else []
    if unread_only:
        conditions.append("AND read_at IS NULL")
    values = {"me": user_id, "after": after, "limit": limit}
    with database.prepared() as cursor:
        cursor.execute(_PAGE.format(conditions=" ".join(conditions)), values, prepare=True)
        rows = cursor.fetchall()
    # Our cursors leave JSON as it is written.
    return rows[0][0], [(*row[1:-1], orjson.loads(row[-1])) for row in rows if row[1] is not None]


def latest_of(user_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The last sequence number of each user who has any notice."""
    with database.prepared() as cursor:
        cursor.execute(_LATEST, [list(user_ids)], prepare=True)
        return dict(cursor.fetchall())


def notices_after_each(seen: Collection[tuple[UUID, int]], limit: int) -> Iterable[Notice]:
    """Of each (user, sequence) the next ``limit`` notices, in order; their ``since`` is that sequence."""
    users, sequences = [user for user, _ in seen], [sequence for _, sequence in seen]
    return Notice.objects.raw(_AFTER_EACH, [users, sequences, limit])
