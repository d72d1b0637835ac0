"""Load by wrk (Debian's package), and processor time from /proc."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LUA = """
done = function(summary, latency, requests)
  io.write(string.format("RESULT %f %d %d %f %f\\n", summary.requests / (summary.duration / 1e6),
    summary.requests, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True)
class Load:
    """One round: requests per second, errors, latency in ms, processor milliseconds per request of the server."""

    rate: float
    requests: int
    errors: int
    p50: float
    p99: float
    cpu_ms: float


def drive(url: str, token: str, *, group: int, seconds: int, connections: int, scratch: Path) -> Load:
    """Load ``url`` and measure; ``group`` is the server's process group."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("The benchmark needs wrk: apt-get install wrk")
    script = scratch / "report.lua"
    script.write_text(LUA)
    before = processor_seconds(group)
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), "--latency"]
    header = f"Authorization: Bearer {token}"
    told = subprocess.run([*command, "-H", header, url], capture_output=True, text=True, check=True).stdout
    spent = processor_seconds(group) - before
    match = re.search(r"RESULT (\S+) (\d+) (\d+) (\S+) (\S+)", told)
    if match is None:
        raise SystemExit(f"wrk said nothing of use:\n{told}")
    requests = int(match[2])
    return Load(
        float(match[1]), requests, int(match[3]), float(match[4]), float(match[5]), 1000 * spent / max(requests, 1)
    )


def processor_seconds(group: int) -> float:
    """User and system time of all processes of a group."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
