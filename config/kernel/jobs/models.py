"""The job row."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7
from config.kernel.db.states import StateField
from config.kernel.jobs.states import JOB, JobState

_QUEUED, _RUNNING, _DONE = (models.Q(state=one.value) for one in (JobState.QUEUED, JobState.RUNNING, JobState.DONE))
_OPEN = models.Q(state__in=(JobState.QUEUED.value, JobState.RUNNING.value))


class AbstractJob(models.Model):
    """One piece of work, done at least once and taking effect once."""

    not_personal: ClassVar[str] = "work to do, by id"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=80)
    queue = models.CharField(max_length=20, default="interactive")
    concurrency_key = models.CharField(max_length=60, blank=True, default="", db_default="")
    # On whose behalf: while others wait, one of their jobs with a concurrency key runs at a time in a queue.
    share_of = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    key = models.CharField(max_length=160, null=True, unique=True)
    state = StateField(JOB, max_length=8)
    tries = models.PositiveSmallIntegerField(default=0)
    max_tries = models.PositiveSmallIntegerField(default=3)
    run_after = models.DateTimeField(default=clock.now)
    dispatched_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.UUIDField(null=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-created_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["run_after"], condition=_QUEUED, name="%(app_label)s_job_queued"),
            models.Index(fields=["lease_until"], condition=_RUNNING, name="%(app_label)s_job_leased"),
            models.Index(
                fields=["concurrency_key"],
                condition=_OPEN & ~models.Q(concurrency_key=""),
                name="%(app_label)s_job_concurrency",
            ),
            models.Index(fields=["state", "-id"], condition=~_DONE, name="%(app_label)s_job_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
