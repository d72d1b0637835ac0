"""One supervised program: begun by fork, with or without an exec behind it."""

import atexit
import os
import runpy
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

from config.kernel.observability.output import write_json_lines
from config.runtime.heartbeats import PROGRAM
from config.runtime.serving.programs import Program
from config.runtime.serving.tied_process import tie_to_parent

QUICK_SECONDS = 5.0
MAX_PAUSE = 10.0
_RESET = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class Child:
    """A program and the process that runs it now, if there is one."""

    def __init__(self, program: Program, logs: Path | None) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log" if logs else None
        self.pid = 0
        self._begun = self._next = 0.0
        self._pause = 0.0
        self.stopped_since: float | None = None

    def due(self, now: float) -> bool:
        """Whether it should be begun."""
        return not self.pid and now >= self._next

    def begin(self, now: float) -> None:
        """Start the program in a session of its own, so that it can be ended with all that it started."""
        sys.stdout.flush()
        sys.stderr.flush()
        self._begun, self.stopped_since = now, None
        if (pid := os.fork()) == 0:
            self._become(os.getppid())
        self.pid = pid

    def ended(self, now: float) -> None:
        """Note its end; what ends at once again and again is begun ever more slowly."""
        self.pid = 0
        quick = now - self._begun < QUICK_SECONDS
        self._pause = min(MAX_PAUSE, max(0.5, self._pause * 2)) if quick else 0.0
        self._next = now + self._pause

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal, if there is anybody to take it."""
        try:
            (os.killpg if group else os.kill)(self.pid, number)
        except ProcessLookupError:
            return

    def notice_stop(self, now: float) -> float:
        """For how long the process has been stopped (SIGSTOP, a debugger), seen from here."""
        if self.pid and _state(self.pid) == "T":
            self.stopped_since = now if self.stopped_since is None else self.stopped_since
            return now - self.stopped_since
        self.stopped_since = None
        return 0.0

    def _become(self, parent: int) -> NoReturn:
        status = 1
        try:
            os.setsid()
            tie_to_parent()
            if os.getppid() != parent:
                os._exit(1)
            for number in _RESET:
                signal.signal(number, signal.SIG_DFL)
            # Python ignores it, or one reader who leaves would end a process with everybody's requests in it; a program
            # that is no Python decides for itself.
            signal.signal(signal.SIGPIPE, signal.SIG_IGN if self.program.forked else signal.SIG_DFL)
            os.environ |= self.program.environment | {PROGRAM: self.program.name}
            self._redirect()
            if not self.program.forked:
                os.execvp(self.program.command[0], self.program.command)  # noqa: S606  becoming the command is the purpose
            status = _run_module(self.program.command)
        except BaseException:
            traceback.print_exc()
        finally:
            _end(status)

    def _redirect(self) -> None:
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        if self.log:
            descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            os.close(descriptor)
        write_json_lines(self.program.name)


def _run_module(command: tuple[str, ...]) -> int:
    """What ``python -m MODULE …`` would do, with everything imported already; the exit status."""
    module, *rest = command[2:]
    sys.argv = [module, *rest]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _end(status: int) -> NoReturn:
    """End without unwinding the supervisor's own frames, which this process has inherited."""
    try:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return ""


def now() -> float:
    """The supervisor's clock."""
    return time.monotonic()
