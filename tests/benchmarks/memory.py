"""The running product's memory, idle and after the journey mix, and its starts and stops: `make bench W=memory`.

The whole tree counts, embedded servers included, as proportional set size. `SOP_BENCH_MINUTES` is the length of the
mix (20), five requests a second.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from config.runtime.embedded import Stack
from tests.benchmarks.mix import Mix
from tests.benchmarks.tree import Process, by_program, database_processes, tree
from tests.platform.running import Product

RATE, SETTLE_SECONDS, REST_SECONDS = 5.0, 60, 90
IDLE_LIMIT, LOADED_LIMIT = 700, 800


def main() -> int:
    """Prints the table; the status says whether both limits are kept."""
    minutes = float(os.environ.get("SOP_BENCH_MINUTES", "20"))
    with tempfile.TemporaryDirectory(prefix="sop-memory-") as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data")
        try:
            return _measure(product, minutes)
        finally:
            product.stop()
            Stack(product.data).stop()


def _measure(product: Product, minutes: float) -> int:
    starts = [_start(product)]
    stopped = _stop(product)
    starts.append(_start(product))
    time.sleep(SETTLE_SECONDS)
    idle = _tree(product)
    mix = Mix(f"http://127.0.0.1:{product.port}", product.data, RATE)
    mix.run(minutes * 60)
    loaded = _tree(product)
    time.sleep(REST_SECONDS)
    rested = _tree(product)
    held = _table({"idle": idle, f"after {minutes:g} min of the mix": loaded, f"{REST_SECONDS} s later": rested})
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    lines = (
        f"First start to READY {starts[0]:.1f} s, second {starts[1]:.1f} s;",
        f"idle stop {stopped:.1f} s, stop after the mix {_stop(product):.1f} s. Load at the end: {load}.",
        f"The mix: {mix.requests} requests ({mix.requests / minutes / 60:.1f}/s), {mix.journeys} second opinions,",
        f"{mix.failed} broken off.",
    )
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    for text, times in mix.errors.items():
        sys.stdout.write(f"- {times} × {text}\n")
    return 0 if held else 1


def _start(product: Product) -> float:
    begun = time.monotonic()
    said = len(product.said())
    product.start("--seed", RATE_LIMITS_SCALE="1000")
    while "READY" not in product.said()[said:]:
        assert product.process and product.process.poll() is None, product.said()[-3000:]
        time.sleep(0.1)
    return time.monotonic() - begun


def _stop(product: Product) -> float:
    begun = time.monotonic()
    product.stop()
    return time.monotonic() - begun


def _tree(product: Product) -> list[Process]:
    assert product.process
    return tree(product.data, product.process.pid)


def _table(measured: dict[str, list[Process]]) -> bool:
    columns = {title: by_program(processes) for title, processes in measured.items()}
    names = sorted({name for column in columns.values() for name in column})
    lines = [f"| program | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name in names:
        cells = [column.get(name, (0, 0.0)) for column in columns.values()]
        lines.append(f"| {name} | {' | '.join(f'{size:.0f} MB in {number}' for number, size in cells)} |")
    totals = [sum(size for _, size in column.values()) for column in columns.values()]
    lines.append(f"| **all** | {' | '.join(f'**{total:.0f} MB**' for total in totals)} |")
    databases = [database_processes(processes) for processes in measured.values()]
    lines.append(f"| database processes (serving) | {' | '.join(f'{n} ({s})' for n, s in databases)} |")
    limits = (IDLE_LIMIT, LOADED_LIMIT, LOADED_LIMIT)
    verdicts = [
        f"≤ {limit}: {'kept' if total <= limit else 'missed'}" for total, limit in zip(totals, limits, strict=True)
    ]
    lines.append(f"| limit | {' | '.join(verdicts)} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return all(total <= limit for total, limit in zip(totals, limits, strict=True))


if __name__ == "__main__":
    sys.exit(main())
