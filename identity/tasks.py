"""Housekeeping: what has ended and serves nobody is deleted."""

from uuid import UUID

from config.kernel.audit.heads import export_heads
from config.kernel.errors import TooMany, Unavailable
from config.kernel.jobs import JobRun, every, job, on_failure
from identity import services
from identity.db import atomic
from identity.services.accounts.mail_request_rows import JOB
from identity.services.keys.crypto_shredding import finish_destruction, unfinished_destructions
from identity.services.keys.key_rotation import spread_resealing as spread
from identity.services.privacy.exports import JOB as EXPORT


@job(JOB, queue="interactive")
def answer_mail_request(run: JobRun) -> None:
    """Look whether the address that a link was asked for has an account; a request that came too early waits on."""
    try:
        with atomic():
            services.answer_mail_request(request_id=run.subject_id)
            run.complete()
    except (TooMany, Unavailable) as refusal:
        run.wait(after_seconds=refusal.retry_after)


@job("identity.export_audit_heads", queue="bulk")
def export_audit_heads(run: JobRun) -> None:
    """Write the signed heads of all audit chains outside of the database."""
    export_heads()


every("identity.export_audit_heads", seconds=60)


@job("identity.finish_shredding", queue="bulk")
def finish_shredding(run: JobRun) -> None:
    """Take up destructions whose process died before the key shares were overwritten."""
    for subject_id in unfinished_destructions():
        finish_destruction(subject_id=subject_id)


@job("identity.spread_resealing", queue="bulk")
def spread_resealing(run: JobRun) -> None:
    """A person's data key was rotated: every context seals anew what it holds of them."""
    spread(subject_id=run.subject_id)


every("identity.finish_shredding", seconds=300)


@job(EXPORT, queue="bulk")
def build_export(run: JobRun) -> None:
    """Make the copy that somebody asked for."""
    services.build_export(export_id=run.subject_id)


@on_failure(EXPORT)
def export_failed(export_id: UUID) -> None:
    """Its owner sees it, and may ask again."""
    services.export_failed(export_id=export_id)


@job("identity.forget_exports", queue="bulk")
def forget_exports(run: JobRun) -> None:
    """Archives are kept for a week."""
    services.forget_exports()


every("identity.forget_exports", seconds=3600)


@job("identity.ask_erasures_again", queue="bulk")
def ask_erasures_again(run: JobRun) -> None:
    """A context that did not answer is asked again."""
    services.ask_again()


every("identity.ask_erasures_again", seconds=300)
