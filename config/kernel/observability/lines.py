"""Log lines leave the request's path: they are made there, and written by a thread of their own a moment later."""

import atexit
import logging
import os
import sys
import threading
import time
from queue import Empty, SimpleQueue

# Lines of so long are written together.
_PAUSE = 0.02
# A pipe that several processes share takes so many bytes whole (PIPE_BUF); signs beyond ASCII are escaped in JSON.
_AT_ONCE = 4096


class LineHandler(logging.Handler):
    """Writes whole lines to standard error, in the order in which they were logged.

    What is a warning or worse is written at once, with all that was logged before it: nothing that explains an end is
    lost with it. No lock is held while a line is made.
    """

    def __init__(self) -> None:
        super().__init__()
        self._queue: SimpleQueue[str] = SimpleQueue()
        self._writing, self._wake = threading.Lock(), threading.Event()
        self._process = 0
        atexit.register(self.flush)
        os.register_at_fork(after_in_child=self._begin_anew)

    def createLock(self) -> None:
        """None: the queue is made for many threads."""
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        """Make the line, and leave it to the writer."""
        try:
            self._queue.put(self.format(record) + "\n")
        except Exception:
            self.handleError(record)
            return
        if record.levelno >= logging.WARNING:
            self.flush()
            return
        if self._process != os.getpid():
            self._start()
        if not self._wake.is_set():
            self._wake.set()

    def flush(self) -> None:
        """Write all that was logged."""
        with self._writing:
            together: list[str] = []
            length = 0
            while True:
                try:
                    line = self._queue.get_nowait()
                except Empty:
                    break
                if length + len(line) > _AT_ONCE:
                    _put(together)
                    together, length = [], 0
                together.append(line)
                length += len(line)
            _put(together)

    def _start(self) -> None:
        """A thread does not live on in a forked process: each starts its own with its first line."""
        with self._writing:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        threading.Thread(target=self._write, name="log-lines", daemon=True).start()

    def _begin_anew(self) -> None:
        """What the parent has not written yet, it writes itself."""
        self._queue = SimpleQueue()
        self._writing, self._wake = threading.Lock(), threading.Event()

    def _write(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(_PAUSE)
            self._wake.clear()
            self.flush()


def _put(lines: list[str]) -> None:
    if lines:
        # The stream of this moment: tests and supervisors put another in its place.
        sys.stderr.write("".join(lines))
        sys.stderr.flush()
