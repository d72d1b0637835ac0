"""The database's processes: idle, while every web thread is busy, and a while later: `make bench W=connections`."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from config.runtime.embedded import Stack
from tests.benchmarks.tree import database_processes, tree
from tests.journey.http import Caller
from tests.journey.people import sign_in
from tests.platform.running import Product

LIMIT, REST_SECONDS, CALLERS, ROUNDS = 30, 75, 16, 6
READS = ("/cases", "/notifications", "/professionals", "/profile/me", "/consents")


def main() -> int:
    """Prints the table; the status says whether the limit is kept."""
    with tempfile.TemporaryDirectory(prefix="sop-connections-") as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data")
        try:
            product.start("--seed", RATE_LIMITS_SCALE="1000")
            product.await_ready()
            return _measure(product)
        finally:
            product.stop()
            Stack(product.data).stop()


def _measure(product: Product) -> int:
    login = json.loads((product.data / "demo" / "accounts.json").read_text())["patient"]
    caller = sign_in(f"http://127.0.0.1:{product.port}", "reader", login)
    rows = []
    time.sleep(REST_SECONDS)
    rows.append(("idle after the start", _count(product)))
    threads = [threading.Thread(target=_read, args=(caller,)) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows.append((f"after {CALLERS} callers at once", _count(product)))
    time.sleep(REST_SECONDS)
    rows.append((f"{REST_SECONDS} s later", _count(product)))
    sys.stdout.write("| when | database processes | of them serving a connection |\n|---|---|---|\n")
    for title, (total, serving) in rows:
        sys.stdout.write(f"| {title} | {total} | {serving} |\n")
    idle = max(rows[0][1][0], rows[-1][1][0])
    sys.stdout.write(f"| limit idle ≤ {LIMIT} | {'kept' if idle <= LIMIT else 'missed'} | |\n")
    return 0 if idle <= LIMIT else 1


def _read(caller: Caller) -> None:
    for _ in range(ROUNDS):
        for path in READS:
            caller.get(path)


def _count(product: Product) -> tuple[int, int]:
    assert product.process
    return database_processes(tree(product.data, product.process.pid))


if __name__ == "__main__":
    sys.exit(main())
