"""Whose turn it is among what takes long: the patient's whose last turn is longest ago."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now

from cases.models import Document, Job
from cases.services.documents.queues import DOCUMENTS, REREAD
from config.kernel.jobs import JobRun
from config.kernel.jobs.states import JobState

_MAX_TURNS = 500
# So long work may be due before it counts as waiting: a free process takes it sooner.
_NOT_TAKEN = timedelta(seconds=1)


def is_anothers_turn(run: JobRun, patient_id: UUID) -> bool:
    """Whether somebody waits under this heavy key whose last turn is longer ago than this patient's, or never was."""
    due = Job.objects.filter(concurrency_key=run.concurrency_key, state=JobState.QUEUED, run_after__lte=Now()).exclude(
        id=run.job_id
    )
    waiting = set(_patients(due.values_list("subject_id", flat=True)).values()) - {patient_id}
    if not waiting:
        return False
    last = _last_turns(run)
    mine = last.get(patient_id)
    return mine is not None and any(other not in last or last[other] < mine for other in waiting)


def somebody_waits() -> bool:
    """Whether work on new documents is due that no process takes, and that no other such work holds back."""
    running = Job.objects.filter(state=JobState.RUNNING).exclude(concurrency_key="").values("concurrency_key")
    due = Job.objects.filter(queue=DOCUMENTS, state=JobState.QUEUED, run_after__lte=Now() - _NOT_TAKEN)
    return due.exclude(kind=REREAD).exclude(concurrency_key__in=running).exists()


def _last_turns(run: JobRun) -> dict[UUID, datetime]:
    """When each patient's work under this key ended last; what failed and waits for its next try had its turn too."""
    tried = (
        Job.objects.filter(concurrency_key=run.concurrency_key, tries__gte=1)
        .exclude(id=run.job_id)
        .exclude(state=JobState.RUNNING)
    )
    ended = list(tried.order_by("-created_at").values_list("subject_id", "finished_at", "run_after")[:_MAX_TURNS])
    patients = _patients([subject for subject, _, _ in ended])
    last: dict[UUID, datetime] = {}
    for subject, finished, again in ended:
        if subject in patients:
            patient = patients[subject]
            last[patient] = max(last.get(patient, finished or again), finished or again)
    return last


def _patients(document_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    return dict(Document.objects.filter(id__in=list(document_ids)).values_list("id", "patient_id"))
