"""Read by gunicorn (``--config python:…``): its workers end with their master, however that ends."""

from typing import Any

from config.kernel.serving.tied import tie_to_parent


def post_fork(arbiter: Any, worker: Any) -> None:
    """An ASGI worker does not notice that its master was killed, and would hold its clients for ever."""
    tie_to_parent()
