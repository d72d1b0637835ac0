"""Loads the project once, for all processes that are forked from here: what nobody changes stays one copy in memory.

Nothing that is loaded may open a connection, start a thread or make an event loop: a fork would share or lose it.
"""

import gc
import threading
from importlib import import_module

import structlog

# What each role would import first thing in a process of its own.
_SERVERS = (
    "gunicorn.app.wsgiapp",
    "gunicorn.arbiter",
    "uvicorn",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "uvicorn.lifespan.on",
    "uvloop",
    "uvicorn_worker",
    "celery.bin.celery",
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "kombu.transport.redis",
    "redis",
    "config.celery",
    "config.kernel.processes.relay",
    "config.kernel.processes.scheduler",
    "config.kernel.observability.health",
    "config.kernel.serving.metrics",
)
_ADDRESSES = ("notifications.realtime.routing",)
log = structlog.get_logger(__name__)


def preload() -> None:
    """Import settings, models, addresses and servers, then take them from the collector's sight."""
    import django
    from django.urls import get_resolver

    django.setup()
    for name in (*_SERVERS, *_ADDRESSES):
        import_module(name)
    get_resolver()._populate()
    # Else the first collection in each child would write into every object and so copy it.
    gc.collect()
    gc.freeze()
    if threading.active_count() > 1:
        log.error("threads_before_fork", count=threading.active_count())
