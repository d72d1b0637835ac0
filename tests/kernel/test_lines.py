"""Log lines are written whole, in order, by every process, and before its end."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import logging, os, threading
from config.kernel.observability.lines import LineHandler
handler = LineHandler()
handler.setFormatter(logging.Formatter("%(message)s"))
log = logging.getLogger("x")
log.addHandler(handler)
log.setLevel("INFO")
def speak(who):
    for number in range(300):
        text = '{"who": "%s", "number": %d, "pad": "%s"}' % (who, number, "p" * (number % 90))
        log.info(text) if number % 50 else log.warning(text)
children = []
for child in range(3):
    pid = os.fork()
    if not pid:
        threads = [threading.Thread(target=speak, args=(f"{child}.{n}",)) for n in range(3)]
        [t.start() for t in threads]; [t.join() for t in threads]
        raise SystemExit(0)
    children.append(pid)
[os.waitpid(pid, 0) for pid in children]
speak("parent")
"""


def test_lines_of_many_threads_and_processes_are_whole_in_order_and_all_there() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, stderr=subprocess.PIPE, timeout=60, check=True)
    said: dict[str, list[int]] = {}
    for line in done.stderr.decode().splitlines():
        told = json.loads(line)
        said.setdefault(told["who"], []).append(told["number"])
    assert len(said) == 10
    assert all(numbers == list(range(300)) for numbers in said.values())
