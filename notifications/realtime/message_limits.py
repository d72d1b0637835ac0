"""How much a client may say, whatever its socket speaks."""

from collections.abc import Callable

from config.kernel import clock

MAX_BYTES = 64 * 1024
MAX_PER_SECOND = 20


class MessageLimit:
    """Counts the messages of one socket."""

    def __init__(self, *, now: Callable[[], float] = lambda: clock.now().timestamp()) -> None:
        self._now = now
        self._second = self._count = 0

    def exceeded(self) -> bool:
        """Count a message; whether it is one too many in this second."""
        second = int(self._now())
        self._count = self._count + 1 if second == self._second else 1
        self._second = second
        return self._count > MAX_PER_SECOND
