"""Case list of 25 and case page by an authenticated patient, through the whole front: ours beside raw and express.

All stand behind a front of their own, made by the product's Caddyfile. Raw runs under gunicorn's threads, as it always
did here, and once more under the product's own worker.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from config.runtime.embedded.process import free_port
from config.runtime.serving import caddyfile
from config.runtime.serving.launch_options import read_options
from tests.benchmarks.equal_work import write_work
from tests.benchmarks.load import Load, drive
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).with_name("peers")
CONNECTIONS = 32
OURS, RAW, EXPRESS, RAW_HERE = "ours", "raw", "express", "raw, our worker"
# The same statement, fields and opened cells as ours; the other express sends nine columns as they stand.
EQUAL = "express, equal work"
SIDES = (OURS, RAW, EXPRESS, EQUAL, RAW_HERE)
_HERE = ("-k", "config.runtime.http.worker.Worker")
_GTHREAD = ("-k", "gthread", "--keep-alive", "75")


@dataclass(frozen=True)
class Side:
    """A server behind its front: the port, and the process groups that work for it."""

    port: int
    server: int
    front: int


@dataclass
class Result:
    """Rounds of one workload, by side."""

    name: str
    loads: dict[str, list[Load]] = field(default_factory=lambda: {side: [] for side in SIDES})

    def rows(self) -> list[str]:
        """Lines of the table."""
        rate = {side: median(load.rate for load in loads) for side, loads in self.loads.items()}
        found = []
        for side, loads in self.loads.items():
            p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
            spread = (max(load.rate for load in loads) - min(load.rate for load in loads)) / rate[side]
            errors = sum(load.errors for load in loads)
            met = rate[OURS] / rate[RAW] >= 0.55 and rate[OURS] / rate[EQUAL] >= 1.2 and not errors
            found.append(
                f"| {self.name} | {side} | {rate[side]:,.0f} | {rate[OURS] / rate[side]:.2f} | ±{50 * spread:.0f} % |"
                f" {median(load.cpu_ms for load in loads):.2f} ms | {p50:.0f} / {p99:.0f} ms | {errors} |"
                f" {('met' if met else 'missed') if side == OURS else ''} |"
            )
        return found


HEADER = (
    "| workload | side | requests/s | ours ÷ it (raw ≥ 0.55, express at equal work ≥ 1.2) | spread |"
    " server's CPU/request | p50 / p99 | errors | target |\n|---|---|---|---|---|---|---|---|---|"
)


def measure(*, cases: int, rounds: int, seconds: int) -> list[Result]:
    """Load the data, start all servers, drive them by turns."""
    if not (PEERS / "node_modules").is_dir():
        # Before anything is loaded: express would end at once.
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PEERS, check=True)
    from tests.benchmarks.data import load

    patient, case_id = load(cases=cases)
    from django.conf import settings

    from config.kernel.auth.tokens import AccessToken
    from identity import services as identity

    AccessToken.lifetime *= 100
    token = identity.open_session(user_id=patient.require_user_id()).access
    key = {"BENCH_SIGNING_KEY": str(sorted(Path(settings.SIGNING_KEYS_DIR).glob("*.pem"))[-1])}
    results = [Result("case list of 25"), Result("case page")]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        scratch = Path(folder)
        write_work(scratch / "work.json", patient, case_id)
        equal = key | {"BENCH_EQUAL_WORK": str(scratch / "work.json")}
        commands = {
            OURS: (_gunicorn("config.wsgi:application", *_HERE), {}),
            RAW: (_gunicorn("tests.benchmarks.raw:application", *_GTHREAD), key),
            EXPRESS: (lambda port: ["node", str(PEERS / "express.cjs")], key),
            EQUAL: (lambda port: ["node", str(PEERS / "express.cjs")], equal),
            RAW_HERE: (_gunicorn("tests.benchmarks.raw:application", *_HERE), key),
        }
        sides = {
            name: running.enter_context(_behind_front(command, environment, scratch))
            for name, (command, environment) in commands.items()
        }
        for result, path in zip(results, ("/cases", f"/cases/{case_id}"), strict=True):
            _require_equal(sides, path, token)
            for number in range(rounds + 1):
                for name, side in sides.items():
                    url = f"http://127.0.0.1:{side.port}{'/api/v1' if name == OURS else ''}{path}"
                    _require_success(url, token)
                    one = drive(
                        url, token, group=side.server, seconds=seconds, connections=CONNECTIONS, scratch=scratch
                    )
                    # The first round warms all up.
                    result.loads[name].append(one) if number else None
                    sys.stdout.write(
                        f"  {result.name}, round {number}: {name} {one.rate:,.0f}/s, {one.cpu_ms:.2f} ms\n"
                    )
                    sys.stdout.flush()
    return results


def _gunicorn(application: str, *worker: str):
    """As the product runs it: two processes of four threads."""
    return lambda port: [
        *(sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", *worker, "-w", "2", "--threads", "4"),
        *("--no-control-socket", "--log-level", "error", application),
    ]


@contextmanager
def _behind_front(command, environment: dict[str, str], scratch: Path) -> Iterator[Side]:
    behind, port = free_port(), free_port()
    configuration = scratch / f"Caddyfile.{port}"
    given = {"PORT": str(port), "SOP_WEB_UPSTREAM": f"127.0.0.1:{behind}", "SOP_DATA_DIR": str(scratch)}
    options = read_options(given, role="front", seed=False, migrate=None, logs_to_files=False)
    configuration.write_text(caddyfile.render(options, sockets=scratch))
    caddy = [str(Path(sys.executable).with_name("caddy")), "run", "--config", str(configuration)]
    with (
        # Lines of the log are made and written as in service, to where nobody reads them.
        _running(command(behind), environment | {"PORT": str(behind), "LOG_LEVEL": "INFO"}, behind) as server,
        _running([*caddy, "--adapter", "caddyfile"], {"GOMEMLIMIT": "64MiB", "HOME": str(scratch)}, port) as front,
    ):
        yield Side(port, server, front)


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ) | environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: process.poll() is not None or _answers(port), f"{command} answers", 120)
        if process.poll() is not None:
            # Waiting for a server that has ended would take as long as the slowest machine is given.
            raise SystemExit(f"{command} ended with {process.returncode} before it answered.")
        yield process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@contextmanager
def _server(application: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The product's server without its front; yields port and process group."""
    port = free_port()
    given = {"LOG_LEVEL": "WARNING"} | environment
    with _running(_gunicorn(application, *_HERE)(port), given, port) as group:
        yield port, group


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _require_success(url: str, token: str) -> bytes:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        if answer.status != 200:
            raise SystemExit(f"{url} answered {answer.status}")
        said: bytes = answer.read()
        return said


def _require_equal(sides: dict[str, Side], path: str, token: str) -> None:
    """Whoever is said to do equal work says the same; the link to a next page is the product's alone."""
    ours, theirs = (
        json.loads(_require_success(f"http://127.0.0.1:{sides[name].port}{before}{path}", token))
        for name, before in ((OURS, "/api/v1"), (EQUAL, ""))
    )
    ours.pop("next", None)
    if ours != theirs:
        raise SystemExit(f"{path}: express does not say what ours says:\n{ours}\n{theirs}")
