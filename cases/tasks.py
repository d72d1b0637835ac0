"""This context's jobs."""

from uuid import UUID

from cases.services.assignment.eligibility_rechecks import recheck_all
from cases.services.assignment.offers import reoffer
from cases.services.documents.page_images import draw_pages
from cases.services.documents.pipeline import give_up, read_document
from cases.services.documents.queues import DOCUMENTS, REREAD
from cases.services.documents.rereading import reread_document, reread_gave_up
from cases.services.documents.rereading_queue import queue_rereadings
from cases.services.documents.uploads.archives import refuse_archive, unpack_archive
from cases.services.documents.uploads.finished_uploads import expire_uploads
from cases.services.followup.outcomes import ask_for_outcomes
from cases.services.intake.submission_claims import expire_submissions, move_submission
from cases.services.records.record_links import remind_of_records
from cases.services.report.reports import build_report
from cases.services.storage.file_resealing import (
    discard_retired,
    reseal_document,
    reseal_report,
    reseal_submission,
    reseal_upload,
)
from cases.services.workflow.automatic_moves import advance, sweep
from cases.services.workflow.escalations import keep_promises
from cases.services.workflow.idle_cases import tend_idle_cases
from config.kernel.jobs import JobRun, every, job, on_failure

job("cases.read_document", queue=DOCUMENTS, lease_seconds=24)(read_document)
job(REREAD, queue=DOCUMENTS, lease_seconds=24)(reread_document)
job("cases.draw_pages", queue=DOCUMENTS, lease_seconds=24)(draw_pages)
job("cases.unpack_archive", queue=DOCUMENTS, lease_seconds=24)(unpack_archive)
job("cases.build_report", queue="interactive", lease_seconds=24)(build_report)
job("cases.reseal_document", queue="bulk")(reseal_document)
job("cases.reseal_report", queue="bulk")(reseal_report)
job("cases.reseal_submission", queue="bulk")(reseal_submission)
job("cases.reseal_upload", queue="bulk")(reseal_upload)
job("cases.expire_uploads", queue="bulk")(expire_uploads)
job("cases.discard_retired", queue="bulk")(discard_retired)
job("cases.move_submission", queue=DOCUMENTS, lease_seconds=24)(move_submission)
job("cases.expire_submissions", queue="bulk")(expire_submissions)
job("cases.remind_of_records", queue="bulk")(remind_of_records)

job("cases.keep_promises", queue="bulk", lease_seconds=24)(keep_promises)
job("cases.ask_for_outcomes", queue="bulk")(ask_for_outcomes)


@job("cases.advance", queue="interactive", lease_seconds=24)
def advance_case(run: JobRun) -> None:
    """Take every step of the clock that can be taken now."""
    while advance(case_id=run.subject_id):
        continue


@job("cases.sweep", queue="bulk", lease_seconds=24)
def sweep_cases(run: JobRun) -> None:
    """End what time ends."""
    sweep()


@job("cases.reoffer", queue="interactive", lease_seconds=24)
def offer_again(run: JobRun) -> None:
    """Offer a case to the next specialist."""
    reoffer(case_id=run.subject_id)


@job("cases.recheck_assignments", queue="bulk", lease_seconds=24)
def recheck_assignments(run: JobRun) -> None:
    """Each night: who works on a case and no longer may is stopped."""
    recheck_all()


@job("cases.tend_idle", queue="bulk", lease_seconds=240)
def tend_idle(run: JobRun) -> None:
    """Remind of cases that lie still, and end those that went on lying."""
    tend_idle_cases()


@job("cases.queue_rereadings", queue="bulk", lease_seconds=24)
def queue_outdated(run: JobRun) -> None:
    """After a deployment: what an older reader has read is read again, a few documents a minute."""
    queue_rereadings()


@on_failure("cases.read_document")
def document_gave_up(document_id: UUID) -> None:
    """The document is refused with advice, so that nobody waits for it."""
    give_up(document_id)


@on_failure(REREAD)
def rereading_gave_up(rereading_id: UUID) -> None:
    """The former reading stays, and the row says so."""
    reread_gave_up(rereading_id)


@on_failure("cases.unpack_archive")
def archive_gave_up(archive_id: UUID) -> None:
    """The archive is refused with advice, so that nobody waits for it."""
    refuse_archive(archive_id)


every("cases.sweep", seconds=60)
every("cases.recheck_assignments", seconds=86_400)
every("cases.tend_idle", seconds=3600)
every("cases.keep_promises", seconds=60)
every("cases.queue_rereadings", seconds=60)
every("cases.ask_for_outcomes", seconds=300)
every("cases.discard_retired", seconds=300)
every("cases.expire_uploads", seconds=300)
every("cases.expire_submissions", seconds=300)
every("cases.remind_of_records", seconds=300)
