"""The job that sends the mails of notices, many at once."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from config.kernel.conf import setting
from config.kernel.db.states import advance_all
from config.kernel.errors import NotFound
from config.kernel.jobs import JobRun, enqueue
from config.kernel.limits import Counter, give_back
from config.kernel.outbox import publish
from identity import services as identity
from notifications.adapters.email.mail import post, send_mail
from notifications.adapters.protocol import Delayed, Refused, Unanswered
from notifications.db import atomic, now
from notifications.domain.categories import ChannelName, Choice
from notifications.domain.kinds import KINDS, Kind
from notifications.domain.mail_texts import MailText
from notifications.domain.state_machines import DeliveryState
from notifications.events import DeliveryFailed
from notifications.models import ChannelPreference, Delivery, Notice
from notifications.services.link_targets import is_workplace, path_for
from notifications.services.mail_limits import MailWithheld, count_mail
from notifications.services.text_editions import text_in_force

KIND = "notifications.send_email"
CHANNEL = ChannelName.EMAIL
BATCH, WINDOW = 250, 20
# A window begun just before that may still wait for one answer, and must end before Celery ends the task.
AT_A_STRETCH_SECONDS = 60.0
# Until then a slow server has delivered what it took, if it took it.
ONCE_MORE = timedelta(minutes=30)
# Mail servers are down for minutes or hours, not for the seconds after which a job is tried again.
PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_DONE = (DeliveryState.SENT, DeliveryState.SKIPPED)


def queue_email(*, delivery_id: UUID, kind: Kind, key: str | None = None, pause: timedelta = timedelta()) -> None:
    """Queue one try; call it inside ``atomic()``. Links that somebody waits for go first."""
    enqueue(
        context="notifications",
        kind=KIND,
        subject_id=delivery_id,
        queue="interactive" if kind.security else "bulk",
        run_after=now() + pause * random.uniform(0.8, 1.2) if pause else None,  # noqa: S311  spreads, keeps no secret
        key=key,
    )


def send_emails(runs: Sequence[JobRun]) -> None:
    """Send once by our records, in windows: a process that is killed leaves no more than one of them UNCERTAIN."""
    waiting, ends = list(runs), time.monotonic() + AT_A_STRETCH_SECONDS
    with post() as connection:
        while waiting and time.monotonic() < ends:
            window, waiting = waiting[:WINDOW], waiting[WINDOW:]
            if not _send_window(window, connection):
                break
    for run in waiting:
        with run.on_its_own():
            run.wait()


@dataclass(frozen=True, kw_only=True)
class _Letter:
    """One mail that is about to be sent. The secret of its link was made for it, and stands in the mail alone."""

    run: JobRun
    delivery: Delivery
    kind: Kind
    address: str
    text: MailText
    link: str
    spent: tuple[Counter, ...]


def _send_window(runs: Sequence[JobRun], connection: Any) -> bool:
    """No transaction is open while a provider is asked. False when one of them gave no answer: ask it no more now."""
    letters = []
    for run in runs:
        with run.on_its_own():
            letter = _letter(run)
            if letter is not None:
                letters.append(letter)
    answered = True
    for letter in _begun(letters):
        letter.delivery.tries += 1
        with letter.run.on_its_own():
            answered = _send(letter, connection) and answered
    return answered


def _begun(letters: Sequence[_Letter]) -> Sequence[_Letter]:
    """Those that are SENDING now, by this process. What another one took meanwhile is looked at again later."""
    rows, instant = Delivery.objects.filter(id__in=[letter.delivery.id for letter in letters]), now()
    with atomic():
        count = advance_all(rows, DeliveryState.SENDING, sending_at=instant, tries=F("tries") + 1)
    if count == len(letters):
        return letters
    mine = set(rows.filter(state=DeliveryState.SENDING, sending_at=instant).values_list("id", flat=True))
    for letter in letters:
        if letter.delivery.id not in mine:
            with letter.run.on_its_own():
                give_back(*letter.spent)
                letter.run.wait()
    return [letter for letter in letters if letter.delivery.id in mine]


def _letter(run: JobRun) -> _Letter | None:
    """What there is to send; ``None`` when the job is at its end with that."""
    delivery = Delivery.objects.select_related("notice").filter(id=run.subject_id).first()
    if delivery is None or delivery.state in _DONE:
        return None
    kind, user_id = KINDS[_notice(delivery).kind], _notice(delivery).user_id
    if delivery.state == DeliveryState.SENDING:
        # Whoever sent it died on the way.
        _uncertain(run, delivery, kind, "worker_lost")
        return None
    account, reason = _recipient(user_id, kind)
    if account is None:
        _settle(run, delivery, DeliveryState.SKIPPED, reason)
        return None
    subject_id = _notice(delivery).subject_id
    path = path_for(account=account, kind=kind, subject_id=subject_id)
    text = text_in_force(kind=kind, locale=account.locale, at_work=is_workplace(path))
    try:
        address = _address(account, kind, subject_id)
        spent = count_mail(address, kind, counted=delivery.counted)
    except MailWithheld as error:
        _settle(run, delivery, DeliveryState.SKIPPED, str(error))
        return None
    except Delayed as error:
        delivery.tries += 1
        _delay(run, delivery, kind, str(error))
        return None
    link = _link(account, kind, subject_id, path)
    return _Letter(run=run, delivery=delivery, kind=kind, address=address, text=text, link=link, spent=spent)


def _send(letter: _Letter, connection: Any) -> bool:
    """Ask the provider and write down what it said; whether it said anything."""
    run, delivery, text = letter.run, letter.delivery, letter.text
    try:
        send_mail(message_id=str(delivery.id), to=letter.address, text=text, link=letter.link, connection=connection)
    except Unanswered:
        _uncertain(run, delivery, letter.kind, "no_answer")
        return False
    except Refused as error:
        give_back(*letter.spent)
        _settle(run, delivery, DeliveryState.FAILED, str(error))
    except Delayed as error:
        give_back(*letter.spent)
        _delay(run, delivery, letter.kind, str(error))
    else:
        said = {"text_code": text.code, "text_version": text.version}
        _settle(run, delivery, DeliveryState.SENT, "", sent_at=now(), **said)
    return True


def _uncertain(run: JobRun, delivery: Delivery, kind: Kind, reason: str) -> None:
    """Nobody knows whether it left: once more, under the same Message-ID, and then never again."""
    with atomic():
        first = delivery.uncertain_at is None
        _write(delivery, DeliveryState.UNCERTAIN, reason, uncertain_at=delivery.uncertain_at or now())
        if first:
            queue_email(delivery_id=delivery.id, kind=kind, pause=timedelta() if kind.security else ONCE_MORE)
        run.complete()


def delivery_failed(delivery_id: UUID) -> None:
    """After the last try of a job that broke: visible to staff, and told."""
    with atomic():
        delivery = Delivery.objects.select_related("notice").get(id=delivery_id)
        if delivery.state == DeliveryState.SENDING or delivery.uncertain_at is not None:
            # Whatever becomes of a further try, this one may have arrived.
            _write(delivery, DeliveryState.UNCERTAIN, "job_dead", uncertain_at=delivery.uncertain_at or now())
        else:
            _fail(delivery, "job_dead")


def resend_failed(*, delivery_ids: Sequence[UUID]) -> int:
    """Queue failed mails again, with all their tries; returns how many were put back."""
    with atomic():
        failed = Delivery.objects.select_related("notice").filter(id__in=delivery_ids, state=DeliveryState.FAILED)
        rows = list(failed.select_for_update(of=("self",)))
        for delivery in rows:
            _write(delivery, DeliveryState.QUEUED, "", tries=0)
            queue_email(delivery_id=delivery.id, kind=KINDS[_notice(delivery).kind])
    return len(rows)


def _notice(delivery: Delivery) -> Notice:
    """What a mail of this job is about; a digest is another job's."""
    assert delivery.notice is not None
    return delivery.notice


def _recipient(user_id: UUID, kind: Kind) -> tuple[identity.AccountDTO | None, str]:
    """Who gets the mail, or why nobody does: asked when it is sent, not when it was queued."""
    try:
        account = identity.get_account(user_id=user_id)
    except NotFound:
        return None, "no_account"
    if not account.active:
        return None, "account_closed"
    if kind.security:
        return account, ""
    if not account.email_verified:
        # The address may be a stranger's, who must not learn that somebody asks for a second opinion.
        return None, "address_unconfirmed"
    off = ChannelPreference.objects.filter(user_id=user_id, category=kind.category, channel=CHANNEL, choice=Choice.OFF)
    if off.exists():
        return None, "not_wanted"
    return account, ""


def _address(account: identity.AccountDTO, kind: Kind, subject_id: UUID | None) -> str:
    if not kind.to:
        return account.email
    try:
        change = identity.get_email_change(request_id=subject_id or account.id)
    except NotFound:
        raise MailWithheld("no_longer_asked") from None
    return change.new if kind.to == "new" else change.old


def _link(account: identity.AccountDTO, kind: Kind, subject_id: UUID | None, path: str) -> str:
    link: str = setting("PUBLIC_URL").rstrip("/") + path
    if kind.secret:
        about = subject_id if kind.to else None
        token = identity.issue_email_token(user_id=account.id, purpose=kind.secret, about=about)
        # After the #, so that the secret reaches no server log and no Referer.
        link = f"{link}#token={token}"
    return link


def _settle(run: JobRun, delivery: Delivery, state: DeliveryState, reason: str, **more: Any) -> None:
    with atomic():
        if delivery.uncertain_at is not None and state != DeliveryState.SENT:
            # An earlier copy may have arrived: to call it failed would be an invention.
            state = DeliveryState.UNCERTAIN
        if state == DeliveryState.FAILED:
            _fail(delivery, reason)
        else:
            _write(delivery, state, reason, **more)
        run.complete()


def _delay(run: JobRun, delivery: Delivery, kind: Kind, reason: str) -> None:
    if delivery.tries > len(PAUSES):
        _settle(run, delivery, DeliveryState.FAILED, reason)
        return
    with atomic():
        _write(delivery, DeliveryState.QUEUED, reason, tries=delivery.tries)
        # The key gives every try one successor, however often its worker dies here.
        queue_email(
            delivery_id=delivery.id, kind=kind, key=f"email:after:{run.job_id}", pause=PAUSES[delivery.tries - 1]
        )
        run.complete()


def _fail(delivery: Delivery, reason: str) -> None:
    if _write(delivery, DeliveryState.FAILED, reason):
        publish(DeliveryFailed(aggregate_id=_notice(delivery).user_id, delivery_id=delivery.id))


def _write(delivery: Delivery, to: DeliveryState, reason: str, **more: Any) -> bool:
    """Whether the row took the step, from wherever it stands by now: it was read before the mail was sent."""
    return advance_all(Delivery.objects.filter(id=delivery.id), to, reason=reason, **more) == 1
