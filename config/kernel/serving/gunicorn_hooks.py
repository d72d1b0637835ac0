"""Read by gunicorn (``--config python:…``): its workers end with their master, whatever ends it, and show they live."""

from typing import Any

from config.kernel.serving.tied import tie_to_parent
from config.runtime.heartbeats import start_beating


def post_fork(arbiter: Any, worker: Any) -> None:
    """An ASGI worker does not notice that its master was killed, and would hold its clients for ever."""
    tie_to_parent()


def post_worker_init(worker: Any) -> None:
    """The application is loaded: from now on the worker serves."""
    start_beating()
