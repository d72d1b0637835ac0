"""Case list of 25 and case page by an authenticated patient: ours beside the raw limit, alternately, five rounds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from config.kernel.embedded.process import free_port
from tests.benchmarks.load import Load, drive
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 32


@dataclass
class Result:
    """Rounds of one workload, ours and the limit's."""

    name: str
    ours: list[Load] = field(default_factory=list)
    limit: list[Load] = field(default_factory=list)

    def row(self) -> str:
        """A line of the table."""
        ours, limit = (median(load.rate for load in side) for side in (self.ours, self.limit))
        errors = sum(load.errors for load in (*self.ours, *self.limit))
        spread = (max(x.rate for x in self.ours) - min(x.rate for x in self.ours)) / ours
        p50, p99 = median(x.p50 for x in self.ours), median(x.p99 for x in self.ours)
        cpu, raw_cpu = median(x.cpu_ms for x in self.ours), median(x.cpu_ms for x in self.limit)
        met = "met" if ours / limit >= 0.40 and p99 <= 3 * p50 and not errors else "missed"
        return (
            f"| {self.name} | {ours:,.0f} | {limit:,.0f} | {ours / limit:.2f} | ±{50 * spread:.0f} % | {cpu:.2f} ms |"
            f" {raw_cpu:.2f} ms | {p50:.0f} / {p99:.0f} ms | {errors} | {met} |"
        )


HEADER = (
    "| workload | ours req/s | limit req/s | ratio (≥ 0.40) | spread | CPU/request | limit's | p50 / p99 |"
    " errors | target |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def measure(*, cases: int, rounds: int, seconds: int) -> list[Result]:
    """Load the data, start both servers, drive them by turns."""
    from tests.benchmarks.data import load

    patient, case_id = load(cases=cases)
    from django.conf import settings

    from identity import services as identity

    settings.ACCESS_TOKEN_LIFETIME *= 100
    token = identity.open_session(user_id=patient.require_user_id()).access
    key = sorted(Path(settings.SIGNING_KEYS_DIR).glob("*.pem"))[-1]
    results = [Result("case list of 25"), Result("case page")]
    with (
        tempfile.TemporaryDirectory() as folder,
        _server("config.wsgi:application", {}) as ours,
        _server("tests.benchmarks.raw:application", {"BENCH_SIGNING_KEY": str(key)}) as raw,
    ):
        paths = (("/api/v1/cases", "/cases"), (f"/api/v1/cases/{case_id}", f"/cases/{case_id}"))
        for result, (our_path, raw_path) in zip(results, paths, strict=True):
            for number in range(rounds + 1):
                for side, (port, group), path in ((result.ours, ours, our_path), (result.limit, raw, raw_path)):
                    url = f"http://127.0.0.1:{port}{path}"
                    _require_success(url, token)
                    one = drive(url, token, group=group, seconds=seconds, connections=CONNECTIONS, scratch=Path(folder))
                    # The first round warms both up.
                    side.append(one) if number else None
                    sys.stdout.write(f"  {result.name}, round {number}: {path.split('/')[1]} {one.rate:,.0f}/s\n")
                    sys.stdout.flush()
    return results


@contextmanager
def _server(application: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """gunicorn as the product runs it: threads with persistent connections; yields port and process group."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-b",
        f"127.0.0.1:{port}",
        "-k",
        "gthread",
        "-w",
        "2",
        "--threads",
        "4",
    ]
    command += ["--keep-alive", "75", "--no-control-socket", "--log-level", "error", application]
    given: dict[str, Any] = dict(os.environ) | {"LOG_LEVEL": "WARNING"} | environment
    process = subprocess.Popen(command, cwd=ROOT, env=given, start_new_session=True)
    try:
        until(lambda: _answers(port), f"{application} answers", 60)
        yield port, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _answers(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _require_success(url: str, token: str) -> None:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        if answer.status != 200:
            raise SystemExit(f"{url} answered {answer.status}")
