"""The relay process: outboxes → Django signals, due jobs → Celery."""

from uuid import UUID

from config.kernel.db.router import context_labels
from config.kernel.jobs.dispatch_room import queue_rooms
from config.kernel.jobs.queue import CHANNEL as JOBS
from config.kernel.jobs.sweep import dispatch_due
from config.kernel.observability import metrics
from config.kernel.outbox.dispatch import relay_once
from config.kernel.outbox.publication import CHANNEL as OUTBOX
from config.runtime.background.loop import Loop
from config.runtime.background.outbox_wakeup import Wakeup

POLL_SECONDS = 1.0


class Relay(Loop):
    """Woken by NOTIFY; the poll is a safety net, so it works with Redis down and with a lost notification."""

    name = "relay"

    def __init__(self) -> None:
        super().__init__()
        self._wakeup = Wakeup(OUTBOX, JOBS)
        self._first = 0

    def turn(self) -> float:
        """Serve every context once; go on at once while there is work."""
        self._wakeup.listen()
        handled, rooms = 0, queue_rooms()
        for context in self._contexts():
            events = relay_once(context)
            metrics.EVENTS_RELAYED.labels(context).inc(events)
            dispatched = dispatch_due(context, dispatch, rooms)
            rooms = {queue: room.less(dispatched.get(queue, 0)) for queue, room in rooms.items()}
            handled += events + sum(dispatched.values())
        return 0.0 if handled else POLL_SECONDS

    def _contexts(self) -> list[str]:
        """All of them, each turn beginning with another: one that has much to do does not take all the room."""
        labels = list(context_labels())
        self._first = (self._first + 1) % len(labels)
        return labels[self._first :] + labels[: self._first]

    def wait(self, seconds: float) -> None:
        """Sleep until a notification, or the poll's time, whichever is first."""
        self._wakeup.wait(seconds)

    def reset(self) -> None:
        """Close the listening connections; the next turn opens new ones."""
        self._wakeup.close()


def dispatch(context: str, job_id: UUID, queue: str) -> None:
    """Tell a worker of a due job. A broker that does not answer raises ``OSError``; the row stays due."""
    from kombu.exceptions import OperationalError

    from config.celery import app

    try:
        message = {"context": context, "job_id": str(job_id), "queue": queue}
        app.send_task("config.run_job", kwargs=message, queue=queue, retry=False)
    except OperationalError as error:
        raise ConnectionError(str(error)) from error
