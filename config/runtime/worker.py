"""``python -m config.runtime.worker …``: ``celery …`` whose processes show that they live, and rest connections."""

import os
import resource
import sys
from typing import Any

from celery.apps import worker as celery_worker
from celery.signals import celeryd_init, task_postrun, worker_init, worker_process_init

from config.kernel.observability.output import json_line
from config.runtime.heartbeats import start_beating

# What a process may have grown by when a task has ended; then a fresh one takes its place, forked from what is loaded
# already. Who has made a report keeps its fonts and pages, 50 MB, for as long as it lives.
GROWTH_KILOBYTES = 32 * 1024


@worker_init.connect
@worker_process_init.connect
def _show_life(**kwargs: Any) -> None:
    start_beating()


@celeryd_init.connect
def _bound_growth(conf: Any, **kwargs: Any) -> None:
    """Everything is loaded by now, and a fork counts what it shares with us as its own."""
    conf.worker_max_memory_per_child = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + GROWTH_KILOBYTES


@task_postrun.connect
def _rest_connections(**kwargs: Any) -> None:
    """From now on they are in nobody's use, and closed when that lasts."""
    from django.db import close_old_connections

    close_old_connections()


def _say(text: str, *_: object) -> None:
    """What Celery says to a person at a terminal, from a signal handler: a log has locks, and is not asked there."""
    os.write(2, json_line(text, logger="celery.worker").encode())


def main() -> None:
    """Become Celery's command line."""
    from celery.__main__ import main as celery

    celery_worker.safe_say = _say  # type: ignore[attr-defined]  # the stubs leave it out
    sys.argv[0] = "celery"
    celery()


if __name__ == "__main__":
    main()
