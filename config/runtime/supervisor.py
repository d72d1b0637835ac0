"""``python -m config.runtime.supervisor PLAN``: starts the programs, starts again what ended, stops all of them.

It loads the project once and forks the Python programs from there: nine processes that import it each for themselves
need 105 to 117 MB each. It opens no connection, has no thread, and does nothing but watch.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import structlog

from config.kernel.observability.output import write_json_lines
from config.runtime.children import Child, now
from config.runtime.heartbeats import FOLDER, FROZEN_SECONDS, beat_once, beats
from config.runtime.preload import preload
from config.runtime.serving.tied_process import tie_to_parent
from config.runtime.supervisor_handover import Plan, read_plan

TURN_SECONDS = 0.2
LOG_BYTES = 5 * 1024 * 1024
log = structlog.get_logger(__name__)


class Supervisor:
    """One turn after the other: reap, begin, look for who is frozen, keep the logs small."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.children = [Child(program, plan.logs) for program in plan.programs]
        self.stopping = False
        self._looked = 0.0
        self._written: dict[str, int] = {}

    def run(self) -> int:
        """Supervise until SIGTERM; returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        # The front stands while the project is loaded: it answers 503 instead of refusing connections.
        self._begin_due([child for child in self.children if not child.program.forked])
        if self.plan.forked:
            preload()
        while not self.stopping:
            self.turn(now())
            time.sleep(TURN_SECONDS)
        self._end_all()
        return 0

    def turn(self, moment: float) -> None:
        """One round of looking after the children."""
        beat_once("supervisor")
        self._reap(moment)
        self._begin_due(self.children)
        if moment - self._looked >= 1.0:
            self._looked = moment
            self._end_frozen(moment)
            self._rotate_logs()

    def _begin_due(self, children: list[Child]) -> None:
        for child in children:
            if not self.stopping and child.due(now()):
                child.begin(now())
        self._write_pids()

    def _reap(self, moment: float) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for child in self.children:
                if child.pid == pid:
                    if not self.stopping:
                        code = os.waitstatus_to_exitcode(status)
                        log.warning("program_ended", kind=child.program.name, code=code)
                    child.ended(moment)

    def _end_frozen(self, moment: float) -> None:
        groups = {child.pid for child in self.children if child.pid}
        for beat in beats(Path(os.environ[FOLDER])) if FOLDER in os.environ else ():
            # A number may have been given to somebody else's process meanwhile.
            if beat.frozen and _group(beat.pid) in groups:
                log.error("process_frozen", kind=beat.program, seconds=round(beat.age))
                _kill(beat.pid)
        for child in self.children:
            if (seconds := child.notice_stop(moment)) > FROZEN_SECONDS:
                log.error("process_frozen", kind=child.program.name, seconds=round(seconds))
                child.signal(signal.SIGKILL)

    def _end_all(self) -> None:
        for child in self.children:
            if child.pid:
                child.signal(signal.SIGTERM)
        deadline = now() + self.plan.stop
        while any(child.pid for child in self.children):
            beat_once("supervisor")
            self._reap(now())
            if now() > deadline:
                for child in self.children:
                    if child.pid:
                        log.error("program_killed", kind=child.program.name, seconds=self.plan.stop)
                        child.signal(signal.SIGKILL, group=True)
            time.sleep(0.05)
        self._write_pids()

    def _write_pids(self) -> None:
        running = {child.program.name: child.pid for child in self.children if child.pid}
        if running != self._written:
            temporary = self.plan.pids.with_suffix(".new")
            temporary.write_text(json.dumps(running))
            temporary.replace(self.plan.pids)
            self._written = running

    def _rotate_logs(self) -> None:
        """Each log keeps one predecessor. Its writers append, so what they hold may be emptied under them."""
        for child in self.children:
            if child.log and child.log.exists() and child.log.stat().st_size > LOG_BYTES:
                shutil.copyfile(child.log, child.log.with_suffix(".log.1"))
                os.truncate(child.log, 0)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def main() -> int:
    """Read the plan and carry it out."""
    parent = os.getppid()
    tie_to_parent()
    if os.getppid() != parent:
        return 1
    assert threading.active_count() == 1
    write_json_lines("supervisor")
    return Supervisor(read_plan(Path(sys.argv[1]))).run()


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main())
