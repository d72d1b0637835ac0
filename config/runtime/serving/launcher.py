"""The life of the product's process tree, from the first line to the last."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

from config.kernel.observability.output import JsonLines, json_line
from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.files import folder
from config.runtime.serving import caddyfile
from config.runtime.serving.environment import PRODUCTION, Surroundings, surround
from config.runtime.serving.inspection import await_ready
from config.runtime.serving.launch_options import HTTP_ROLES, ROOT, Options
from config.runtime.serving.predecessor import claim
from config.runtime.serving.programs import OPS_SOCKET, programs
from config.runtime.serving.sockets import socket_folder
from config.runtime.serving.supervisor_process import Supervision, adopt_orphans
from config.runtime.supervisor_handover import Plan


class Launcher:
    """Starts, watches and stops. Nothing it starts outlives it, but the embedded servers' data."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._begun = time.monotonic()
        self._stop = threading.Event()
        self._hurried = False
        self._flag = options.run / "draining"

    def run(self) -> int:
        """Serve until told to stop; returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        folder(self.options.run)
        adopt_orphans()
        with claim(self.options, self.say):
            self._flag.unlink(missing_ok=True)
            surroundings: Surroundings | None = None
            try:
                surroundings = surround(self.options, self.say)
                self._prepare()
                return self._serve(surroundings)
            finally:
                if surroundings:
                    surroundings.stop()
                self.say("stopped")

    def say(self, text: str) -> None:
        """A line of progress, with the seconds since the start."""
        seconds = time.monotonic() - self._begun
        if self._collected:
            sys.stdout.write(json_line(text, logger="launcher", seconds=round(seconds, 1)))
        else:
            sys.stdout.write(f"[{seconds:6.1f} s] {text}\n")
        sys.stdout.flush()

    @property
    def _collected(self) -> bool:
        """Whether a program reads what we say, together with the lines of all others, and not a person."""
        return not self.options.logs_to_files and not sys.stdout.isatty()

    def _prepare(self) -> None:
        options = self.options
        steps = {
            "--migrate": options.migrate,
            # Trial servers are made and migrated by us; those of others are asked before anything starts.
            "--standing": os.environ.get("DJANGO_SETTINGS_MODULE") == PRODUCTION and options.role != "front",
            # The image brings its files along; on a desk they change with every edit.
            "--static": options.role in ("all", "front") and options.static.is_relative_to(options.data),
            "--seed": options.seed,
        }
        wanted = [name for name, on in steps.items() if on]
        if not wanted:
            return
        self.say(f"preparing: {', '.join(name[2:] for name in wanted)}")
        command = [sys.executable, "-m", "config.runtime.serving.preparation", *wanted]
        if self._ran(command):
            raise ServiceError("The platform could not be prepared; the lines above say why.")

    def _ran(self, command: list[str]) -> int:
        """The exit status; where all lines are JSON, what it writes is told line by line."""
        if not self._collected:
            return subprocess.call(command, cwd=ROOT)
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert process.stdout is not None
        lines = JsonLines(sys.stdout, "prepare", keeping=True)
        for line in process.stdout:
            lines.write(line)
            lines.flush()
        return process.wait()

    def _serve(self, surroundings: Surroundings) -> int:
        if self._stop.is_set():
            return 0
        options, sockets = self.options, socket_folder(self.options.run)
        if options.listeners:
            self._collect_metrics()
        front = options.run / "Caddyfile"
        front.write_text(caddyfile.render(options, sockets=sockets))
        listed = programs(options, sockets=sockets, caddyfile=front, mail_port=surroundings.mail_port)
        logs = folder(options.data / "logs") if options.logs_to_files else None
        self.say(f"starting: {', '.join(program.name for program in listed)}")
        plan = Plan(programs=tuple(listed), run=options.run, stop=options.stop, logs=logs)
        supervision = Supervision(plan, self.say)
        self._announce()
        with surroundings.kept_alive(self.say, supervision.reaping):
            return self._watch(supervision)

    def _collect_metrics(self) -> None:
        """All processes write their numbers into one folder; those of an earlier start would be added."""
        place = self.options.run / "metrics"
        shutil.rmtree(place, ignore_errors=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder(place))

    def _announce(self) -> None:
        options = self.options
        ops = str(socket_folder(options.run) / OPS_SOCKET)
        state = {"pid": os.getpid(), "role": options.role, "url": options.base_url, "ops": ops}
        (options.run / "serving.json").write_text(json.dumps(state))
        if options.role in HTTP_ROLES:
            threading.Thread(target=await_ready, args=(options, self._stop, self.say), daemon=True).start()

    def _watch(self, supervision: Supervision) -> int:
        while not self._stop.wait(0.25):
            if (status := supervision.ended()) is not None:
                self.say(f"the processes could not be started: the supervisor ended with status {status}")
                return 1
        self._drain()
        supervision.stop(self.options.stop + 2)
        return 0

    def _drain(self) -> None:
        seconds = 0.0 if self._hurried else self.options.drain
        self._flag.touch()
        self.say(f"stopping: readiness is red, waiting {seconds:g} s")
        time.sleep(seconds)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Nobody routes requests to a terminal: Ctrl-C need not wait for a load balancer.
        self._hurried = number == signal.SIGINT
        self._stop.set()
