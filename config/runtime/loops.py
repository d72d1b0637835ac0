"""``python -m config.runtime.loops relay scheduler``: the named loops in one process, each in a thread of its own.

Feeds are a loop for each sink; without any the process waits for its end, and does nothing.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence

import django

from config.runtime.heartbeats import start_beating

LOOPS = ("relay", "scheduler", "feeds")


def main(arguments: Sequence[str]) -> int:
    """Run until SIGTERM; a loop that ends by itself ends the process, and the supervisor begins it anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("loops", nargs="+", choices=LOOPS)
    wanted = parser.parse_args(arguments).loops
    django.setup()
    from config.runtime.background.feeds import feeds
    from config.runtime.background.loop import Loop
    from config.runtime.background.relay import Relay
    from config.runtime.background.scheduler import Scheduler

    makers: dict[str, Callable[[], list[Loop]]] = {
        "relay": lambda: [Relay()],
        "scheduler": lambda: [Scheduler()],
        "feeds": feeds,
    }
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    start_beating()
    loops = [loop for name in wanted for loop in makers[name]()]
    threads = [threading.Thread(target=loop.run, name=loop.name) for loop in loops]
    for thread in threads:
        thread.start()
    while all(thread.is_alive() for thread in threads) and not told.wait(0.25):
        continue
    for loop in loops:
        loop.stopping.set()
    for thread in threads:
        thread.join()
    return 0 if told.is_set() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
