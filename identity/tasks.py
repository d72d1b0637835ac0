"""Housekeeping: what has ended and serves nobody is deleted."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session as PageSession

from config.kernel.audit.heads import export_heads
from config.kernel.jobs import JobRun, every, job, on_dead
from identity import services
from identity.db import atomic, now
from identity.models import EmailChange, EmailToken, MailRequest, PasskeyChallenge, RefreshToken, Session
from identity.services.exports import JOB as EXPORT
from identity.services.mail_requests import JOB
from identity.services.rotation import spread_resealing as spread
from identity.services.shredding import finish_destruction, unfinished_destructions

# Long enough to recognise a stolen token that comes back after its session has ended.
KEEP_TOKENS = timedelta(days=7)
KEEP_SESSIONS = timedelta(days=90)


@job(JOB, queue="interactive")
def answer_mail_request(run: JobRun) -> None:
    """Look whether the address that a link was asked for has an account."""
    with atomic():
        services.answer_mail_request(request_id=run.subject_id)
        run.complete()


@job("identity.forget_ended", queue="bulk")
def forget_ended(run: JobRun) -> None:
    """Delete ended links and refresh tokens after a week, ended sessions after 90 days, page cookies at their end."""
    with atomic():
        EmailToken.objects.filter(expires_at__lt=now() - KEEP_TOKENS).delete()
        EmailChange.objects.filter(created_at__lt=now() - KEEP_TOKENS).delete()
        MailRequest.objects.filter(created_at__lt=now() - KEEP_TOKENS).delete()
        PasskeyChallenge.objects.filter(expires_at__lt=now()).delete()
        RefreshToken.objects.filter(expires_at__lt=now() - KEEP_TOKENS).delete()
        Session.objects.filter(created_at__lt=now() - KEEP_SESSIONS).delete()
        PageSession.objects.filter(expire_date__lt=now()).delete()
        run.complete()


@job("identity.export_audit_heads", queue="bulk")
def export_audit_heads(run: JobRun) -> None:
    """Write the signed heads of all audit chains outside of the database."""
    export_heads()


every("identity.export_audit_heads", seconds=60)
every("identity.forget_ended", seconds=3600)


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


@on_dead(EXPORT)
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
