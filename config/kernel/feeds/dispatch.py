"""One step of a feed: read what is next, hand it to the sink, move the cursor when it was taken."""

from collections.abc import Sequence

import structlog

from config.kernel.feeds import cursors
from config.kernel.feeds.cloud_events import CloudEvent, analytics_of_row, audit_event, event_of_row
from config.kernel.feeds.sinks import Sink, SinkAway, Stream
from config.kernel.observability import metrics

BATCH = 500
log = structlog.get_logger(__name__)


def feed_once(context: str, sink: Sink, *, limit: int = BATCH) -> int:
    """Send up to ``limit`` events of a context, and as many audit rows; returns how many rows were taken.

    No transaction is open while the sink is asked. ``SinkAway`` leaves the cursor where it was.
    """
    taken = _feed_events(context, sink, limit)
    if Stream.AUDIT in sink.streams:
        taken += _feed_audit(context, sink, limit)
    return taken


def _feed_events(context: str, sink: Sink, limit: int) -> int:
    at = cursors.cursor_of(context, sink.name)
    batch = cursors.next_events(at, limit=limit)
    if batch.rows:
        outgoing = [event_of_row(row) for row in batch.rows]
        if Stream.ANALYTICS in sink.streams:
            outgoing += [analytics_of_row(row) for row in batch.rows]
        _send(sink, outgoing)
    if batch.after != at:
        cursors.move(at, batch.after)
    metrics.FEED_EVENTS.labels(sink.name, Stream.EVENTS, context).inc(len(batch.rows))
    return len(batch.rows)


def _feed_audit(context: str, sink: Sink, limit: int) -> int:
    at = cursors.cursor_of(context, cursors.audit_feed(sink.name))
    rows, after = cursors.next_audit_rows(at, limit=limit)
    if rows:
        _send(sink, [audit_event(context, row) for row in rows])
        cursors.move(at, after)
    metrics.FEED_EVENTS.labels(sink.name, Stream.AUDIT, context).inc(len(rows))
    return len(rows)


def _send(sink: Sink, events: Sequence[CloudEvent]) -> None:
    """Whatever a sink's library raises must stop this sink alone."""
    try:
        sink.send(events)
    except SinkAway:
        raise
    except Exception as error:
        log.error("feed_sink_failed", kind=sink.name, exc_info=error)
        raise SinkAway(type(error).__name__) from error


def measure_lag(context: str, sink: str) -> None:
    """Tell how far a sink is behind: also, and above all, while it is away."""
    lag = cursors.lag_seconds(cursors.cursor_of(context, sink))
    metrics.FEED_LAG.labels(sink, context).set(lag)
