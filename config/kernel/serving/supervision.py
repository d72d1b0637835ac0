"""supervisord as a child of the launcher."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from config.kernel.serving.options import ROOT
from config.kernel.serving.tied import tie_to_parent


class Supervision:
    """Starts supervisord in a session of its own, so that Ctrl-C reaches the launcher alone."""

    def __init__(self, configuration: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent,
        )
        assert self._process.stdout is not None
        # Through a pipe of our own: an unprivileged process may not open root's standard output anew.
        self._pump = threading.Thread(target=_copy, args=(self._process.stdout,), daemon=True)
        self._pump.start()

    def ended(self) -> int | None:
        """The exit status, once there is one. Adopted orphans are reaped on the way, as pid 1 must."""
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                break
            if found is None:
                break
            if found.si_pid == self._process.pid:
                return self._process.wait()
            os.waitpid(found.si_pid, 0)
        return self._process.poll()

    def stop(self, seconds: float) -> None:
        """Ask all processes to end, and insist after ``seconds``."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._pump.join(1)


def _copy(source: IO[bytes]) -> None:
    for line in source:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
