"""One listener for the numbers of all processes."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from config.kernel.embedded.process import free_port
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]
COUNT = "from prometheus_client import Counter; Counter('sop_planted_total', 'Planted.').inc({n})"


def test_the_numbers_of_several_processes_are_added_up(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "METRICS_PORT": str(port)}
    for n in (2, 5):
        subprocess.run([sys.executable, "-c", COUNT.format(n=n)], env=environment, check=True)
    command = [sys.executable, "-m", "config.kernel.serving.metrics"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as listener:
        until(lambda: read(port), "the listener answers")
        assert "sop_planted_total 7.0" in read(port)
        listener.terminate()
        assert listener.wait(10) == 0


def read(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return answer.read().decode()
    except urllib.error.URLError:
        return ""
