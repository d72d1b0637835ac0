"""Figures of deliveries, each of a bounded number of rows: the newest, and each day as far as a queue counts."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from config.kernel import clock
from config.kernel.admin.home import MAX_COUNT, Bar, Figure, as_counted
from config.kernel.labels import label
from notifications.db import database

NEWEST, DAYS = 3_000, 14
_NEWEST = f"""
WITH newest AS MATERIALIZED (
    SELECT channel, state, sent_at - greatest(created_at, not_before) AS took
      FROM notifications_delivery ORDER BY id DESC LIMIT {NEWEST})
SELECT 'state', state, count(*), NULL, NULL FROM newest GROUP BY state
UNION ALL
SELECT 'channel', channel, count(*), count(took),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM took)) FROM newest GROUP BY channel
ORDER BY 1, 3 DESC
"""
# Ids begin with the instant at which they were drawn, so that the table's own index finds a day.
_BY_DAY = f"""
SELECT one.day, (SELECT count(*) FROM (
    SELECT FROM notifications_delivery d WHERE d.id >= one.low AND d.id < one.high
     ORDER BY d.id LIMIT {MAX_COUNT + 1}) found)
  FROM unnest(%s::text[], %s::uuid[], %s::uuid[]) AS one (day, low, high)
"""


@dataclass(frozen=True, kw_only=True)
class Promptness:
    """How long a channel's deliveries took from being due to being sent: of so many, 95 in 100 at most ``seconds``."""

    channel: str
    sent: int
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class DeliveryFigures:
    """What the page shows."""

    plots: tuple[Figure, ...]
    promptness: tuple[Promptness, ...]


def delivery_figures() -> DeliveryFigures:
    """By state, by channel, by day, and how prompt each channel is; two statements."""
    with database.connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        rows = cursor.fetchall()
        cursor.execute(_BY_DAY, _days())
        by_day = cursor.fetchall()
    of = {part: [row[1:] for row in rows if row[0] == part] for part in ("state", "channel")}
    note = f"Of the newest {NEWEST:,} deliveries."
    plots = (
        Figure("By state", tuple(Bar(label(name), number) for name, number, _, _ in of["state"]), note),
        Figure("By channel", tuple(Bar(label(name), number) for name, number, _, _ in of["channel"]), note),
        Figure(
            "By day",
            tuple(Bar(day, as_counted(number)) for day, number in by_day),
            f"The last {DAYS} days (UTC), counted to {MAX_COUNT:,} a day.",
        ),
    )
    prompt = tuple(
        Promptness(channel=label(name), sent=sent, seconds=None if seconds is None else float(seconds))
        for name, _, sent, seconds in of["channel"]
    )
    return DeliveryFigures(plots=plots, promptness=prompt)


def _days() -> tuple[list[str], list[UUID], list[UUID]]:
    today = datetime.combine(clock.now().date(), time.min, tzinfo=clock.now().tzinfo)
    days = [today - timedelta(days=number) for number in reversed(range(DAYS))]
    return (
        [f"{day:%Y-%m-%d}" for day in days],
        [_first_id(day) for day in days],
        [_first_id(day + timedelta(days=1)) for day in days],
    )


def _first_id(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80)
