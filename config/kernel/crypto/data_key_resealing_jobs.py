"""The job ``<context>.reseal_person``, the same in every context: each reaches its own tables only."""

from uuid import UUID

from config.kernel.crypto.data_key_resealing import reseal_rows
from config.kernel.crypto.keys import KeyDestroyed
from config.kernel.db.router import context_labels
from config.kernel.jobs import JobRun, enqueue, job
from config.kernel.ports import NEWEST_DATA_KEY, SEALED_FILES


def register() -> None:
    """Make the job known for every context."""
    for context in context_labels():
        job(f"{context}.reseal_person", queue="bulk")(reseal_person)


def spread(subject_id: UUID, version: int | None = None) -> None:
    """Have every context bring what it holds of the person onto the newest version.

    With that ``version`` given, asking again has no effect.
    """
    key = f"reseal:{subject_id}:{version}" if version is not None else None
    for context in context_labels():
        enqueue(context=context, kind=f"{context}.reseal_person", subject_id=subject_id, queue="bulk", key=key)


def reseal_person(run: JobRun) -> None:
    """Seal the person's rows anew, then have files follow. A job that died is run again and goes on."""
    try:
        key = NEWEST_DATA_KEY.ask(subject_id=run.subject_id)
    except KeyDestroyed:
        return
    reseal_rows(run.context, key)
    SEALED_FILES.of(run.context).reseal_files(subject_id=run.subject_id)
