"""Forks processes that feed Kafka, as the product's supervisor does: one for each line of its input; tells their ids.

``python -m tests.kernel.feeds.nursery '{"default": "test_sop", …}' BROKERS``
"""

import json
import os
import signal
import sys

import django


def main(databases: str, brokers: str) -> None:
    """Load the project once; each child goes on from here, with connections of its own."""
    django.setup()
    from django.conf import settings
    from django.db import connections

    from config.runtime.background.feeds import feeds

    for alias, name in json.loads(databases).items():
        connections.databases[alias]["NAME"] = name
    settings.EVENT_SINKS, settings.KAFKA_OPTIONS = ["kafka"], {"bootstrap.servers": brokers}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            (loop,) = feeds()
            loop.run()
            os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
