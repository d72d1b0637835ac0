"""Mails to those who are asked for records: an address that has no account, a link that takes files only."""

from datetime import timedelta
from uuid import UUID

from cases.services import records
from config.kernel.conf import setting
from config.kernel.jobs import JobRun, enqueue
from config.kernel.limits import Counter, give_back
from config.kernel.outbox import publish
from notifications.adapters.email.mail import send_mail
from notifications.adapters.protocol import Delayed, Refused, Unanswered
from notifications.db import atomic, now
from notifications.domain.kinds import RECORDS_WANTED
from notifications.events import RecordsMailFailed
from notifications.services.sending.mail_limits import MailWithheld, count_mail
from notifications.services.sending.settlement import ONCE_MORE
from notifications.services.text_editions import text_in_force

RECORDS_KIND = "notifications.mail_records_request"
# Until the mail server takes it, or nobody waits for the records any more.
PAUSE = timedelta(hours=1)


def queue_records_mail(*, request_id: UUID, reminder: int) -> None:
    """One job for each reminder of a request, however often it is told of; call it inside ``atomic()``."""
    enqueue(
        context="notifications",
        kind=RECORDS_KIND,
        subject_id=request_id,
        queue="bulk",
        key=f"records:{request_id}:{reminder}",
    )


def mail_records_request(run: JobRun) -> None:
    """The job: the link is made now, and its secret stands in the mail alone, after the #."""
    letter = records.write_record_letter(request_id=run.subject_id)
    if letter is None:
        return
    if run.tries > 1:
        # Whoever had this job died with it, perhaps when the mail had left.
        _uncertain(run, letter)
        return
    spent: tuple[Counter, ...] = ()
    try:
        spent = count_mail(letter.email)
        send_mail(
            message_id=f"{run.subject_id}.{letter.reminder}",
            to=letter.email,
            text=text_in_force(kind=RECORDS_WANTED, locale=letter.locale),
            link=f"{setting('PUBLIC_URL').rstrip('/')}{RECORDS_WANTED.link}#token={letter.token}",
        )
    except Unanswered:
        _uncertain(run, letter)
    except (Refused, MailWithheld):
        give_back(*spent)
        with atomic():
            records_mail_gave_up(run.subject_id)
            run.complete()
    except Delayed:
        give_back(*spent)
        with atomic():
            _again(run.subject_id, PAUSE, key=f"records:after:{run.job_id}")
            run.complete()


def _uncertain(run: JobRun, letter: records.RecordLetter) -> None:
    """Once more, and then never again: the key is taken once. The next reminder is another mail."""
    with atomic():
        _again(run.subject_id, ONCE_MORE, key=f"records:once-more:{run.subject_id}:{letter.reminder}")
        run.complete()


def _again(request_id: UUID, pause: timedelta, *, key: str) -> None:
    enqueue(
        context="notifications",
        kind=RECORDS_KIND,
        subject_id=request_id,
        queue="bulk",
        run_after=now() + pause,
        key=key,
    )


def records_mail_gave_up(request_id: UUID) -> None:
    """Say that nobody was reached."""
    with atomic():
        publish(RecordsMailFailed(aggregate_id=request_id))
