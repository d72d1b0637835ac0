"""``python -m config.runtime.worker …``: ``celery …`` whose processes show that they live, and rest connections."""

import sys
from typing import Any

from celery.signals import task_postrun, worker_init, worker_process_init

from config.runtime.heartbeats import start_beating


@worker_init.connect
@worker_process_init.connect
def _show_life(**kwargs: Any) -> None:
    start_beating()


@task_postrun.connect
def _rest_connections(**kwargs: Any) -> None:
    """From now on they are in nobody's use, and closed when that lasts."""
    from django.db import close_old_connections

    close_old_connections()


def main() -> None:
    """Become Celery's command line."""
    from celery.__main__ import main as celery

    sys.argv[0] = "celery"
    celery()


if __name__ == "__main__":
    main()
