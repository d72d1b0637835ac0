"""Housekeeping: what has ended and serves nobody is deleted."""

from datetime import timedelta

from django.contrib.sessions.models import Session as PageSession

from config.kernel.jobs import JobRun, every, job
from identity.db import atomic, now
from identity.models import EmailToken, RefreshToken, Session

# Long enough to recognise a stolen token that comes back after its session has ended.
KEEP_TOKENS = timedelta(days=7)
KEEP_SESSIONS = timedelta(days=90)


@job("identity.forget_ended", queue="bulk")
def forget_ended(run: JobRun) -> None:
    """Delete ended links and refresh tokens after a week, ended sessions after 90 days, page cookies at their end."""
    with atomic():
        EmailToken.objects.filter(expires_at__lt=now() - KEEP_TOKENS).delete()
        RefreshToken.objects.filter(expires_at__lt=now() - KEEP_TOKENS).delete()
        Session.objects.filter(created_at__lt=now() - KEEP_SESSIONS).delete()
        PageSession.objects.filter(expire_date__lt=now()).delete()
        run.complete()


every("identity.forget_ended", seconds=3600)
