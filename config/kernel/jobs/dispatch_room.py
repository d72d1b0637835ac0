"""How many messages each queue of the broker still takes. More would only lie there and grow stale."""

from dataclasses import dataclass

from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.valkey import valkey_client

DISPATCHES_A_PROCESS = 2
TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class QueueRoom:
    """The room of one queue. ``empty``: no message waits, so a job that was dispatched and not claimed was missed."""

    capacity: int
    empty: bool

    def less(self, dispatched: int) -> "QueueRoom":
        """What is left after so many more messages."""
        return QueueRoom(self.capacity - dispatched, self.empty and not dispatched)


def queue_rooms() -> dict[str, QueueRoom]:
    """The room of every queue now; a broker that does not answer takes no message, so none has room."""
    processes: dict[str, int] = setting("JOB_PROCESSES")
    try:
        pipeline = valkey_client(setting("CELERY_BROKER_URL"), TIMEOUT_SECONDS).pipeline(transaction=False)
        for queue in processes:
            pipeline.llen(queue)
        waiting = pipeline.execute()
    except RedisError:
        return {}
    return {
        queue: QueueRoom(max(0, DISPATCHES_A_PROCESS * number - length), length == 0)
        for (queue, number), length in zip(processes.items(), waiting, strict=True)
    }
