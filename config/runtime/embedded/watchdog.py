"""Brings an embedded server back that died: on the same port, which every process has been told, and with its data."""

import threading
from collections.abc import Callable, Sequence

from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.postgres import EmbeddedPostgres
from config.runtime.embedded.valkey import EmbeddedValkey

LOOK_SECONDS = 0.5


class Watch:
    """A thread of the launcher. ``reaping`` is held while a server starts: nobody may take its tools' exit status."""

    def __init__(
        self, servers: Sequence[EmbeddedPostgres | EmbeddedValkey], say: Callable[[str], None], reaping: threading.Lock
    ) -> None:
        self._servers, self._say, self._reaping = servers, say, reaping
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="embedded-servers", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer: what ends now was asked to."""
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        """Start every server again whose process is gone."""
        for server in self._servers:
            if server.process_lives():
                continue
            self._say(f"{server.name} {server.pid} ended unasked: starting it again")
            try:
                with self._reaping:
                    server.revive()
            except ServiceError as error:
                self._say(f"{server.name} does not start: {error}")
            else:
                self._say(f"{server.name} is back, {server.pid} on 127.0.0.1:{server.port}")

    def _look_on(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.look()
