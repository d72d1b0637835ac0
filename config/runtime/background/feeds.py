"""The process of feeds: outboxes → brokers outside, a thread for each sink, so that none waits for another."""

import psycopg
import structlog

from config.kernel.db.router import context_labels
from config.kernel.feeds import EVENT_SINKS, Sink, SinkAway, wanted_sinks
from config.kernel.feeds.dispatch import feed_once, measure_lag
from config.kernel.observability import metrics
from config.kernel.outbox.publication import CHANNEL as OUTBOX
from config.runtime.background.loop import Loop
from config.runtime.background.outbox_wakeup import Wakeup

POLL_SECONDS = 1.0
MAX_PAUSE_SECONDS = 30.0
log = structlog.get_logger(__name__)


class Feed(Loop):
    """One sink. Any number may run: who holds the lock on every database feeds, and another goes on when it ends."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self.name = f"feed-{sink.name}"
        self._sink = sink
        self._wakeup = Wakeup(OUTBOX)
        self._alone = False
        self._failures = 0

    def turn(self) -> float:
        """Feed every context once; go on at once while there is more."""
        if not self._is_alone():
            return POLL_SECONDS
        try:
            sent = sum([feed_once(context, self._sink) for context in context_labels()])
        except SinkAway as error:
            return self._away(error)
        if self._failures:
            log.info("feed_sink_answers", kind=self._sink.name)
        self._failures = 0
        self._measure()
        return 0.0 if sent else POLL_SECONDS

    def wait(self, seconds: float) -> None:
        """Sleep until an event is published; while the sink is away, or fed by another process, for all of the time."""
        if self._failures or not self._alone:
            self.stopping.wait(seconds)
        else:
            self._wakeup.wait(seconds)

    def reset(self) -> None:
        """Close the listening connections, and with them the lock."""
        self._wakeup.close()
        self._alone = False
        self._sink.close()

    def _is_alone(self) -> bool:
        """Whether this process has the sink for itself, as long as its connections live."""
        if not self._wakeup.connections:
            self._alone = False
            self._wakeup.listen()
        try:
            if self._alone:
                # A connection that was lost unseen has lost the lock.
                for connection in self._wakeup.connections:
                    connection.execute("SELECT 1")
            else:
                self._alone = all(_locked(connection, self.name) for connection in self._wakeup.connections)
        finally:
            if not self._alone:
                self._wakeup.close()
        return self._alone

    def _away(self, error: SinkAway) -> float:
        if not self._failures:
            log.error("feed_sink_away", kind=self._sink.name, reason=str(error))
        self._failures += 1
        metrics.FEED_FAILURES.labels(self._sink.name).inc()
        self._measure()
        return float(min(2 ** (self._failures - 1), MAX_PAUSE_SECONDS))

    def _measure(self) -> None:
        for context in context_labels():
            measure_lag(context, self._sink.name)


def feeds() -> list[Loop]:
    """A loop for each sink that is set."""
    makers = EVENT_SINKS.ask
    return [Feed(makers[name]()) for name in wanted_sinks()]


def _locked(connection: "psycopg.Connection[object]", name: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(hashtext('sop-feeds'), hashtext(%s))", [name]).fetchone()
    return bool(row and row[0])  # type: ignore[index]  # a row is a tuple
