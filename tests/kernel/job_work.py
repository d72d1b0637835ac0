"""A job that tests enqueue, and the dispatch of it."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import connections

from config.kernel.db import ContextDatabase
from config.kernel.jobs import enqueue
from config.kernel.jobs.dispatch_room import QueueRoom
from config.kernel.jobs.sweep import dispatch_due

cases_db = ContextDatabase("cases")
ROOMY = {"interactive": QueueRoom(200, True)}


class Work:
    def __init__(self) -> None:
        self.done: list[UUID] = []
        self.dead: list[UUID] = []
        self.error: Exception | None = None
        self.complete_inside = False


def enqueue_sample(**options: object) -> UUID:
    with cases_db.atomic():
        job_id = enqueue(context="cases", kind="cases.sample_work", subject_id=uuid4(), **options)  # type: ignore[arg-type]  # whatever the test asks
    assert job_id
    return job_id


def sql(statement: str) -> None:
    with connections["cases"].cursor() as cursor:
        cursor.execute(statement)


def dispatched(rooms: Mapping[str, QueueRoom] | None = None) -> list[UUID]:
    heard: list[UUID] = []
    dispatch_due("cases", lambda _context, job_id, _queue: heard.append(job_id), rooms or ROOMY)
    return heard


def place() -> dict[str, object]:
    parameters = connections["cases"].get_connection_params()
    return {name: parameters[name] for name in ("host", "port", "dbname", "user", "password") if name in parameters}
