"""What one message about the progress of a document costs its sender, and how long a frozen Valkey holds them: a
`PUBLISH` of our own, a plain `group_send` of channels, and the group that carries it: `make bench W=progress`.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

HOLD_LIMIT_SECONDS = 0.5
PAUSE_SECONDS = 0.005
TIMES, ROUNDS = 200, 7


def main() -> int:
    """Measure with a Valkey of its own; returns 0 when nobody is held beyond the limit."""
    from config.runtime.embedded import EmbeddedValkey

    with tempfile.TemporaryDirectory(prefix="sop-bench-") as folder:
        valkey = EmbeddedValkey(Path(folder) / "valkey").start()
        os.environ |= {
            "SOP_DATA_DIR": folder,
            "SOP_EMBEDDED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LOG_LEVEL": "ERROR",
            "REDIS_URL": valkey.url(),
            # Nothing here asks a database.
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        }
        try:
            return _measure(valkey.pid)
        finally:
            valkey.stop()


def _measure(pid: int) -> int:
    import django

    django.setup()
    ways = _ways()
    # By turns: what else the machine does meets all of them.
    rounds = [[_milliseconds(send, ended) for _, send, ended in ways] for _ in range(ROUNDS)]
    held = [_held(pid, send) for _, send, _ in ways]
    sys.stdout.write(
        "| a message for two people, by | processor of the sender | the caller waits |"
        " the caller waits while Valkey is frozen |\n|---|---|---|---|\n"
    )
    for place, (name, _, _) in enumerate(ways):
        processor, wait = (median(one[place][figure] for one in rounds) for figure in (0, 1))
        sys.stdout.write(f"| {name} | {processor:.2f} ms | {wait:.2f} ms | {held[place]:.3f} s |\n")
    return 0 if held[-1] <= HOLD_LIMIT_SECONDS else 1


def _ways() -> list[tuple[str, Callable[[], object], Callable[[], bool]]]:
    from asgiref.sync import async_to_sync
    from channels.layers import get_channel_layer

    from config.kernel import channel_groups, pubsub
    from config.kernel.progress import GROUP, tell_progress

    users = [uuid4(), uuid4()]
    about: dict[str, str | int] = {"document_id": str(uuid4()), "step": "recognising", "done": 1, "total": 9}
    message: dict[str, Any] = {"type": "progress", "users": [str(user) for user in users], "progress": about}
    plain = async_to_sync(get_channel_layer().group_send)
    return [
        ("`PUBLISH`, one each", lambda: [pubsub.publish(GROUP, str(message)) for _ in users], lambda: True),
        ("`group_send` through `async_to_sync`", lambda: plain(GROUP, message), lambda: True),
        (
            "`tell_progress` (`group_send` in a thread that keeps its loop)",
            lambda: tell_progress(user_ids=users, about=about),
            lambda: channel_groups.sender.idle,
        ),
    ]


def _milliseconds(send: Callable[[], object], ended: Callable[[], bool]) -> tuple[float, float]:
    """Of the processor and of the clock, for one message; they come one by one, as a reading's steps do."""
    begun, waited = time.process_time(), 0.0
    for _ in range(TIMES):
        clock = time.perf_counter()
        send()
        waited += time.perf_counter() - clock
        time.sleep(PAUSE_SECONDS)
        while not ended():
            time.sleep(PAUSE_SECONDS)
    return (time.process_time() - begun) / TIMES * 1e3, waited / TIMES * 1e3


def _held(pid: int, send: Callable[[], object]) -> float:
    from redis.exceptions import RedisError

    os.kill(pid, signal.SIGSTOP)
    begun = time.perf_counter()
    try:
        send()
    except RedisError:
        # The plain one says so to its caller.
        return time.perf_counter() - begun
    finally:
        os.kill(pid, signal.SIGCONT)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
