"""How many bells each queue of the broker still takes. More would only lie there, and be stale when they are heard."""

from dataclasses import dataclass

from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.valkey import impatient

BELLS_A_PROCESS = 2
TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class BellRoom:
    """The room of one queue. ``empty``: none of its bells waits, so what was rung for and not taken was not heard."""

    bells: int
    empty: bool

    def less(self, rung: int) -> "BellRoom":
        """What is left after so many more bells."""
        return BellRoom(self.bells - rung, self.empty and not rung)


def bell_rooms() -> dict[str, BellRoom]:
    """The room of every queue now; a broker that does not answer takes no bell, so none has any."""
    processes: dict[str, int] = setting("JOB_PROCESSES")
    try:
        pipeline = impatient(setting("CELERY_BROKER_URL"), TIMEOUT_SECONDS).pipeline(transaction=False)
        for queue in processes:
            pipeline.llen(queue)
        waiting = pipeline.execute()
    except RedisError:
        return {}
    return {
        queue: BellRoom(max(0, BELLS_A_PROCESS * number - length), length == 0)
        for (queue, number), length in zip(processes.items(), waiting, strict=True)
    }
