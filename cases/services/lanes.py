"""Who waits for whom: of each sender one document is looked at at a time, and what takes long has lanes of its own.

A look ends after three seconds of processor time, and so does the judgement on the text that it brought. What is not
done by then, or has to be recognised, goes on in a heavy lane, one after the other, while the other processes of the
queue are free for the next sender's letter. In a heavy lane the patients take turns: whoever sent many such documents
waits for these, and nobody else does.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from cases.models import Document, Job
from config.kernel.conf import setting
from config.kernel.jobs import JobRun

DOCUMENTS = "documents"
_HEAVY = "heavy"
#: Of processor time, for what is asked of one document's text: in a look, and where nobody waits.
LOOK_SECONDS, TEXT_SECONDS = 3, 60
_MOST_TURNS = 500


def looks_of(sender: UUID) -> str:
    """The lane of a sender's documents that were not looked at yet."""
    return f"look:{sender}"


def heavy_of(patient_id: UUID) -> str:
    """The lane of what takes long; all of one patient share one, so that nobody fills them all."""
    return f"{_HEAVY}:{patient_id.int % setting('DOCUMENT_HEAVY_LANES')}"


def is_heavy(lane: str) -> bool:
    """Whether whoever waits in this lane has the time."""
    return lane.startswith(_HEAVY)


def text_seconds(lane: str) -> int:
    """How much processor time the judgement on a text may take in this lane."""
    return TEXT_SECONDS if is_heavy(lane) else LOOK_SECONDS


def is_anothers_turn(run: JobRun, patient_id: UUID) -> bool:
    """Whether somebody waits in this heavy lane whose last turn is longer ago than this patient's, or never was."""
    due = Job.objects.filter(lane=run.lane, state="QUEUED", run_after__lte=Now()).exclude(id=run.job_id)
    waiting = set(_patients(due.values_list("subject_id", flat=True)).values()) - {patient_id}
    if not waiting:
        return False
    last = _last_turns(run)
    mine = last.get(patient_id)
    return mine is not None and any(other not in last or last[other] < mine for other in waiting)


def _last_turns(run: JobRun) -> dict[UUID, datetime]:
    """When each patient's work in this lane ended last; what failed and waits for its next try had its turn too."""
    tried = Job.objects.filter(lane=run.lane, tries__gte=1).exclude(id=run.job_id).exclude(state="RUNNING")
    ended = list(tried.order_by("-created_at").values_list("subject_id", "finished_at", "run_after")[:_MOST_TURNS])
    patients = _patients([subject for subject, _, _ in ended])
    last: dict[UUID, datetime] = {}
    for subject, finished, again in ended:
        if subject in patients:
            patient = patients[subject]
            last[patient] = max(last.get(patient, finished or again), finished or again)
    return last


def _patients(document_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    return dict(Document.objects.filter(id__in=list(document_ids)).values_list("id", "patient_id"))
