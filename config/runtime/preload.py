"""Loads the project once, for all processes that are forked from here: what nobody changes stays one copy in memory.

Nothing that is loaded may open a connection, start a thread or make an event loop: a fork would share or lose it.
"""

import contextlib
import gc
import threading
from importlib import import_module

import structlog

from config.kernel.conf import setting

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
    "config.runtime.background.feeds",
    "config.runtime.background.relay",
    "config.runtime.background.scheduler",
    "config.kernel.observability.probe_views",
    "config.runtime.serving.metrics",
)
# What most processes would import at their first request or job.
_LATER = (
    "argon2",
    "cryptography.hazmat.backends.openssl.backend",
    "jwt.algorithms",
    "django.contrib.auth.context_processors",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.serializers",
    "django.contrib.staticfiles.storage",
    "django.template.context_processors",
)
# What a report is made with: half a second for each process that would load it for itself.
_REPORTS = (
    "PIL.Image",
    "PIL.PngImagePlugin",
    "reportlab.graphics.barcode.qr",
    "reportlab.pdfbase.ttfonts",
    "reportlab.platypus",
)
_ADDRESSES = ("notifications.realtime.routing",)
NOWHERE = "/nonexistent"
log = structlog.get_logger(__name__)


def preload() -> None:
    """Import settings, models, addresses and servers, then take them from the collector's sight."""
    # What is freed leaves holes, which the children would fill, each in a copy of the page of its own; and the first
    # collection in a child would write into every object (see ``gc.freeze``).
    gc.disable()
    import django
    from django.urls import get_resolver
    from django.utils import translation

    django.setup()
    for name in (*_SERVERS, *_LATER, *_REPORTS, *_ADDRESSES):
        import_module(name)
    for code, _ in setting("LANGUAGES"):
        with translation.override(code):
            get_resolver()._populate()
    _initialise_celery()
    _initialise_libraries()
    gc.freeze()
    gc.enable()
    if threading.active_count() > 1:
        log.error("threads_before_fork", count=threading.active_count())


def _initialise_celery() -> None:
    """What each worker would do first: find its tasks, and have Django check every model."""
    from config.celery import app

    app.finalize()
    app.loader.init_worker()


def _initialise_libraries() -> None:
    """Use once what builds its tables at first use: 10 to 15 MB in each process that would do it for itself.

    The OpenSSL inside psycopg by the hash of a password, that inside cryptography by a signature, Python's own by a
    digest. No server is asked: the socket that is named does not exist.
    """
    import hashlib

    import psycopg
    import redis
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from psycopg import pq

    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(host=NOWHERE)
    connection = pq.PGconn.connect(f"host={NOWHERE}".encode())
    connection.encrypt_password(b"nobody", b"nobody", b"scram-sha-256")
    connection.finish()
    with contextlib.suppress(redis.RedisError), redis.Redis(unix_socket_path=f"{NOWHERE}/none.sock") as client:
        client.ping()
    key = ec.generate_private_key(ec.SECP256R1())
    key.public_key().verify(key.sign(b"", ec.ECDSA(hashes.SHA256())), b"", ec.ECDSA(hashes.SHA256()))
    AESGCM(AESGCM.generate_key(256)).encrypt(bytes(12), b"", b"")
    hashlib.sha256(b"").hexdigest()
