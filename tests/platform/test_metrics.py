"""One answer with the numbers of all processes, and few files however many there were."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config.runtime import operations_listener
from config.runtime.serving.metrics import merge_dead, numbers

COUNT = """
from prometheus_client import Counter, Gauge, Histogram
Counter("sop_planted_total", "Planted.", ["route"]).labels("a").inc({n})
Histogram("sop_planted_seconds", "Planted.", buckets=(1, 5)).observe({n})
Gauge("sop_planted_now", "Planted.", multiprocess_mode="livesum").set({n})
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return tmp_path


def ended_process(n: int) -> None:
    subprocess.run([sys.executable, "-c", COUNT.format(n=n)], env=os.environ, check=True)


def test_the_numbers_of_several_processes_are_added_up(folder: Path) -> None:
    for n in (2, 5):
        ended_process(n)
    told = numbers().decode()
    assert 'sop_planted_total{route="a"} 7.0' in told
    assert "sop_planted_seconds_count 2.0" in told
    assert "sop_planted_seconds_sum 7.0" in told
    assert 'sop_planted_seconds_bucket{le="5.0"} 2.0' in told
    assert "sop_planted_now" not in told  # how a dead process is now


def test_the_files_of_dead_processes_are_one_of_each_kind_and_nothing_is_counted_twice(folder: Path) -> None:
    for n in (1, 2, 3):
        ended_process(n)
        merge_dead(folder)
        merge_dead(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["counter_0.db", "histogram_0.db"]
    assert 'sop_planted_total{route="a"} 6.0' in numbers().decode()


def test_a_living_process_keeps_its_file(folder: Path) -> None:
    ended_process(1)
    (folder / f"counter_{os.getpid()}.db").write_bytes((next(folder.glob("counter_*.db"))).read_bytes())
    assert merge_dead(folder) == 3
    assert (folder / f"counter_{os.getpid()}.db").exists()
    assert 'sop_planted_total{route="a"} 2.0' in numbers().decode()


def test_the_listener_tells_them_to_whoever_asks_it_directly_and_never_through_the_front(folder: Path) -> None:
    ended_process(4)
    server = operations_listener.listen(operations_listener.Watch(folder, ()), place=("127.0.0.1", 0))
    url = f"http://127.0.0.1:{server.server_address[1]}/metrics"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert 'sop_planted_total{route="a"} 4.0' in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(urllib.request.Request(url, headers={"X-Forwarded-For": "192.0.2.1"}), timeout=30)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/startupz", "/metrics"])
def test_the_listener_refuses_other_methods_in_json_and_names_its_own(folder: Path, method: str, path: str) -> None:
    server = operations_listener.listen(operations_listener.Watch(folder, ()), place=("127.0.0.1", 0))
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=30)
        with refused.value as answer:
            assert (answer.code, answer.headers["Allow"]) == (405, "GET, HEAD")
            assert answer.headers["Content-Type"] == "application/json"
            assert json.loads(answer.read()) == {"status": "Method Not Allowed"}
    finally:
        server.shutdown()
        server.server_close()
