"""The relay: takes events from a context's outbox and sends their Django signals.

Rows are claimed by status, never by "id greater than the last one": ids are handed out before commit,
and a cursor would lose the late ones. Only the oldest pending event of an aggregate can be claimed,
so that one case's events arrive in order however many relays run.
"""

import random
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.apps import apps
from django.db import connections, transaction

from config.kernel.db.router import alias_of
from config.kernel.db.states import advance_all
from config.kernel.events import event_class, signal_for
from config.kernel.observability.correlation import correlated
from config.kernel.outbox.states import GIVE_UP, SEND, OutboxState

MAX_TRIES = 8
BATCH = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claimed:
    """One event as read from the outbox."""

    position: int
    event_id: UUID
    name: str
    payload: dict[str, Any]
    correlation_id: str
    tries: int


def relay_once(context: str, *, limit: int = BATCH) -> int:
    """Deliver up to ``limit`` due events of ``context``; returns how many rows were handled."""
    alias = alias_of(context)
    with transaction.atomic(using=alias):
        claimed = _claim(alias, context, limit)
        sent = []
        for entry in claimed:
            error = _deliver(entry)
            if error is None:
                sent.append(entry.position)
            else:
                _put_back(context, entry, error)
        if sent:
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    f'UPDATE "{context}_outboxentry" SET status = {SEND.target}, sent_at = clock_timestamp()'
                    f" WHERE position = ANY(%s) AND status = {SEND.source}",
                    [sent],
                )
    return len(claimed)


def resubmit(context: str, positions: list[int]) -> int:
    """Send DEAD events again; returns how many were put back."""
    outbox = apps.get_model(context, "OutboxEntry")
    return advance_all(outbox.objects.filter(position__in=positions), OutboxState.PENDING, tries=0, last_error="")


def _claim(alias: str, context: str, limit: int) -> list[Claimed]:
    table = f'"{context}_outboxentry"'
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f"SELECT position, event_id, name, payload::text, correlation_id, tries FROM {table} o"
            f" WHERE status = {SEND.source} AND available_at <= clock_timestamp() AND NOT EXISTS ("
            f"SELECT 1 FROM {table} e WHERE e.aggregate_id = o.aggregate_id AND e.position < o.position"
            f" AND e.status = {SEND.source}) ORDER BY position LIMIT %s FOR UPDATE OF o SKIP LOCKED",
            [limit],
        )
        rows = cursor.fetchall()
    return [Claimed(r[0], r[1], r[2], _json(r[3]), r[4], r[5]) for r in rows]


def _json(text: str) -> dict[str, Any]:
    import orjson

    value: dict[str, Any] = orjson.loads(text)
    return value


def _deliver(entry: Claimed) -> BaseException | None:
    cls = event_class(entry.name)
    if cls is None:
        return LookupError(f"no event is registered as {entry.name}")
    event, begun = cls.from_payload(entry.payload), time.monotonic()
    facts = {"kind": entry.name, "event_id": str(entry.event_id), "tries": entry.tries + 1}
    with correlated(entry.correlation_id) as request_id:
        results = signal_for(entry.name).send_robust(
            sender=cls, event=event, event_id=entry.event_id, correlation_id=request_id
        )
        failures = [result for _, result in results if isinstance(result, BaseException)]
        for failure in failures:
            log.error("event_handler_failed", **facts, exc_info=failure)
        outcome = "failed" if failures else "success"
        log.info("event_handled", **facts, outcome=outcome, seconds=round(time.monotonic() - begun, 3))
    return failures[0] if failures else None


def _put_back(context: str, entry: Claimed, error: BaseException) -> None:
    tries = entry.tries + 1
    delay = min(2**tries, 300) * random.uniform(0.8, 1.2)
    with connections[alias_of(context)].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{context}_outboxentry" SET tries = %s,'
            f" status = CASE WHEN %s THEN {GIVE_UP.target} ELSE status END,"
            " available_at = clock_timestamp() + make_interval(secs => %s), last_error = %s"
            f" WHERE position = %s AND status = {GIVE_UP.source}",
            [tries, tries >= MAX_TRIES, delay, type(error).__name__, entry.position],
        )
