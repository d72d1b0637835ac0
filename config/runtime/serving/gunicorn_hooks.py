"""Read by gunicorn (``--config python:…``): its workers end with their master, whatever ends it, and show they live."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from config.runtime.heartbeats import start_beating
from config.runtime.serving.tied_process import tie_to_parent


class logger_class(Logger):
    """gunicorn's own lines go the way of all others: as JSON, by the handler of the project."""

    def setup(self, cfg: Any) -> None:
        """Its formats, files and handlers are not used; uvicorn takes over what stands here."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers = list(logging.getLogger().handlers)
            log.propagate = False


def post_fork(arbiter: Any, worker: Any) -> None:
    """An ASGI worker does not notice that its master was killed, and would hold its clients for ever."""
    tie_to_parent()


def post_worker_init(worker: Any) -> None:
    """The application is loaded: from now on the worker serves."""
    start_beating()
