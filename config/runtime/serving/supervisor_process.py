"""The supervisor as a child of the launcher."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from config.runtime.embedded.files import folder
from config.runtime.heartbeats import FOLDER, beats
from config.runtime.serving.launch_options import ROOT
from config.runtime.serving.tied_process import tie_to_parent
from config.runtime.supervisor_handover import Plan, running_programs, write_plan

PR_SET_CHILD_SUBREAPER = 36
ORPHANS_SECONDS = 6.0
# Where the memory goes that many threads once needed: one arena instead of eight for each core (they hold the
# interpreter's lock when they ask for any), and what is free at its end goes back to the system soon.
_ALLOCATION = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "262144", "MALLOC_MMAP_THRESHOLD_": "524288"}
# Read when Celery is loaded, which is before the workers are forked.
_READ_ON_IMPORT = {"REMAP_SIGTERM": "SIGQUIT", "SOP_ASSUME_ROLES": "1"}


class Supervision:
    """Keeps one supervisor running, in a session of its own, so that Ctrl-C reaches the launcher alone."""

    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self.plan, self._say = plan, say
        self._file = plan.run / "plan.json"
        self._beats = plan.run / "beats"
        # Held by whoever waits for a child of their own: nobody else may reap it meanwhile.
        self.reaping = threading.Lock()
        self._came_up = False
        write_plan(plan, self._file)
        self._begin()

    def ended(self) -> int | None:
        """The exit status of a supervisor that never came up; one that ends later is begun anew.

        Adopted orphans are reaped on the way, as pid 1 must.
        """
        self._reap()
        if self._process.poll() is None:
            self._came_up = self._came_up or len(running_programs(self.plan.run)) == len(self.plan.programs)
            self._end_frozen()
            return None
        if not self._came_up:
            return self._process.returncode
        self._say(f"the supervisor ended unasked with status {self._process.returncode}: starting it again")
        self._await_orphans(ORPHANS_SECONDS)
        self._begin()
        return None

    def stop(self, seconds: float) -> None:
        """Ask all processes to end, and insist after ``seconds``."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._await_orphans(0)

    def _begin(self) -> None:
        shutil.rmtree(self._beats, ignore_errors=True)
        self.plan.pids.unlink(missing_ok=True)
        environment = os.environ | _ALLOCATION | _READ_ON_IMPORT | {FOLDER: str(folder(self._beats))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "config.runtime.supervisor", str(self._file)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tie_to_parent,
        )
        (self.plan.run / "supervisor.pid").write_text(str(self._process.pid))

    def _reap(self) -> None:
        if not self.reaping.acquire(blocking=False):
            return
        try:
            while (found := _waiting()) is not None and found != self._process.pid:
                os.waitpid(found, 0)
        finally:
            self.reaping.release()

    def _end_frozen(self) -> None:
        for beat in beats(self._beats):
            if beat.program == "supervisor" and beat.frozen and beat.pid == self._process.pid:
                self._say(f"the supervisor has not been heard of for {beat.age:.0f} s: ending it")
                self._process.kill()

    def _await_orphans(self, seconds: float) -> None:
        """What a killed supervisor ran is told by the kernel to end; nothing of it may be left when it begins anew."""
        deadline = time.monotonic() + seconds
        for pid in running_programs(self.plan.run).values():
            while _group_lives(pid):
                self._reap()
                if time.monotonic() > deadline:
                    _end_group(pid)
                time.sleep(0.05)


def adopt_orphans() -> None:
    """Outside a container, too, what our children leave behind becomes ours."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _waiting() -> int | None:
    """A child that ended and was not asked for yet."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return found.si_pid if found else None


def _group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
