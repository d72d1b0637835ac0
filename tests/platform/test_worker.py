"""A worker's processes are replaced when they have grown, measured from what they share with their parent."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The parent holds 64 MB when it comes up; its processes count them as their own, and have not grown by them.
GROWN = """
import resource
from celery.app.base import Celery
from celery.apps.worker import Worker
from config.runtime.worker import GROWTH_KILOBYTES

held = bytearray(64 * 1024 * 1024)
app = Celery(broker="memory://", set_as_current=False)
worker = Worker(app=app, concurrency=1, quiet=True, hostname="one@here")
now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert worker.max_memory_per_child - GROWTH_KILOBYTES <= now < worker.max_memory_per_child
assert worker.max_memory_per_child > 64 * 1024 + GROWTH_KILOBYTES
print("bounded")
"""


def test_a_process_may_grow_by_a_fixed_amount_over_what_it_shares() -> None:
    told = subprocess.run([sys.executable, "-c", GROWN], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "bounded", told.stderr
