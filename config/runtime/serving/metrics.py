"""The numbers of all processes in one answer.

Each process writes its numbers into files of ``PROMETHEUS_MULTIPROC_DIR``. Those of processes that ended are added
to one file for all of them: workers are recycled all day, and nobody should read ten thousand files to count requests.
"""

import os
import threading
from collections import defaultdict
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

ADDED_UP = ("counter", "histogram", "summary")
_ALL_DEAD = "0"
_one_at_a_time = threading.Lock()


def numbers() -> bytes:
    """All numbers, in Prometheus' text format; an empty answer when nobody collects any."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return b""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it bare
    with _one_at_a_time:
        merge_dead(Path(folder))
        return generate_latest(registry)


def merge_dead(folder: Path) -> int:
    """Add the files of processes that ended to one of each kind; returns how many went. What a dead one measured of
    its own present state (gauges) goes with it."""
    dead = [path for path in folder.glob("*_*.db") if not _alive(path)]
    for kind in ADDED_UP:
        if files := [path for path in dead if path.name.startswith(f"{kind}_")]:
            _add_up(folder / f"{kind}_{_ALL_DEAD}.db", files)
    for path in dead:
        path.unlink(missing_ok=True)
    return len(dead)


def _add_up(into: Path, files: list[Path]) -> None:
    totals: dict[str, float] = defaultdict(float)
    for path in (*files, *([into] if into.exists() else ())):
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):  # type: ignore[no-untyped-call]  # bare
            totals[key] += value
    written = into.with_suffix(".new")
    written.unlink(missing_ok=True)
    store = MmapedDict(str(written))  # type: ignore[no-untyped-call]  # bare
    for key, value in totals.items():
        store.write_value(key, value, 0.0)  # type: ignore[no-untyped-call]  # bare
    store.close()  # type: ignore[no-untyped-call]  # bare
    written.replace(into)


def _alive(path: Path) -> bool:
    pid = path.stem.rpartition("_")[2]
    return pid == _ALL_DEAD or Path(f"/proc/{pid}").exists()
