"""Asking a product how it is, again and again, while it is hurt."""

import http.client
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Probes:
    """Asks ``path`` every ``pause`` seconds from a thread, as an orchestrator does; every answer is kept."""

    port: int
    path: str = "/healthz"
    pause: float = 0.5
    limit: float = 1.0
    answers: list[tuple[int, float]] = field(default_factory=list)

    def __enter__(self) -> "Probes":
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def failures(self) -> list[tuple[int, float]]:
        return [one for one in self.answers if one[0] != 200]

    def _ask_on(self) -> None:
        while not self._ended.wait(self.pause):
            begun = time.monotonic()
            status = asked(self.port, self.path, self.limit)
            self.answers.append((status, time.monotonic() - begun))


def asked(port: int, path: str, limit: float, headers: dict[str, str] | None = None) -> int:
    """The status; 0 when nothing came within ``limit`` seconds of silence."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=limit)
    try:
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
