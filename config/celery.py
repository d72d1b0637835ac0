"""Celery: one generic task. Its message only says that a job is due; the row is the truth."""

import gc
import os
from typing import Any
from uuid import UUID

from celery import Celery
from celery.signals import setup_logging, worker_before_create_process, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("second-opinion")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery would close every connection around each task; ours are checked and renewed by Django, as in the web.
app.conf["CELERY_DB_REUSE_MAX"] = 10**9


@setup_logging.connect
def _keep_django_logging(**kwargs: Any) -> None:
    """Connected so that Celery leaves the log configuration alone."""


@worker_before_create_process.connect
def _share_memory(**kwargs: Any) -> None:
    """What the collector does not look at is not written to, and stays one copy for all of a worker's processes."""
    gc.freeze()


@worker_process_init.connect
def _fresh_connections(**kwargs: Any) -> None:
    """A connection that lived through fork() would hand one process another's rows."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.connection = None


@app.task(name="config.run_job")
def run_job(*, context: str, job_id: str, queue: str = "") -> None:
    """Run the job of this id, if it is still due, and others of its queue that are."""
    from django.db import close_old_connections

    from config.kernel.jobs.execution import run_dispatched

    close_old_connections()
    run_dispatched(context, UUID(job_id), queue)
