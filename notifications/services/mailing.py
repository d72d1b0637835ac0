"""The job that sends a notice's mail."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.errors import NotFound
from config.kernel.jobs import JobRun, enqueue
from config.kernel.outbox import publish
from identity import services as identity
from notifications.adapters.mail import MailDelayed, MailRefused, send_mail
from notifications.db import atomic, now
from notifications.domain.kinds import KINDS, Kind
from notifications.events import DeliveryFailed
from notifications.models import Delivery, Preference
from notifications.services.mail_limits import MailWithheld, count_mail
from notifications.services.places import path_for
from notifications.services.text_editions import text_in_force

KIND = "notifications.send_email"
# Mail servers are down for minutes or hours, not for the seconds after which a job is tried again.
PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_DONE = (Delivery.State.SENT, Delivery.State.SKIPPED)


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


def send_email(run: JobRun) -> None:
    """Send once by our records. The secret of a link is made now, and stands in the mail alone."""
    delivery = Delivery.objects.select_related("notice").filter(id=run.subject_id).first()
    if delivery is None or delivery.state in _DONE:
        return
    kind, user_id = KINDS[delivery.notice.kind], delivery.notice.user_id
    account, reason = _recipient(user_id, kind)
    if account is None:
        _settle(run, delivery, Delivery.State.SKIPPED, reason)
        return
    delivery.tries += 1
    Delivery.objects.filter(id=delivery.id).update(tries=delivery.tries)
    text = text_in_force(kind=kind, locale=account.locale)
    try:
        address = _address(account, kind, delivery.notice.subject_id)
        if delivery.tries == 1:
            count_mail(address, kind)
        send_mail(
            message_id=str(delivery.id),
            to=address,
            text=text,
            link=_link(account, kind, delivery.notice.subject_id),
        )
    except MailWithheld as error:
        _settle(run, delivery, Delivery.State.SKIPPED, str(error))
    except MailRefused as error:
        _settle(run, delivery, Delivery.State.FAILED, str(error))
    except MailDelayed as error:
        _delay(run, delivery, kind, str(error))
    else:
        said = {"text_code": text.code, "text_version": text.version}
        _settle(run, delivery, Delivery.State.SENT, "", sent_at=now(), **said)


def delivery_failed(delivery_id: UUID) -> None:
    """After the last try of a job that broke: visible to staff, and told."""
    with atomic():
        delivery = Delivery.objects.select_related("notice").get(id=delivery_id)
        _fail(delivery, "job_dead")


def resend_failed(*, delivery_ids: Sequence[UUID]) -> int:
    """Queue failed mails again, with all their tries; returns how many were put back."""
    with atomic():
        failed = Delivery.objects.select_related("notice").filter(id__in=delivery_ids, state=Delivery.State.FAILED)
        rows = list(failed.select_for_update(of=("self",)))
        for delivery in rows:
            Delivery.objects.filter(id=delivery.id).update(state=Delivery.State.QUEUED, tries=0, last_error="")
            queue_email(delivery_id=delivery.id, kind=KINDS[delivery.notice.kind])
    return len(rows)


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
    if Preference.objects.filter(user_id=user_id, email=False).exists():
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


def _link(account: identity.AccountDTO, kind: Kind, subject_id: UUID | None) -> str:
    link: str = setting("PUBLIC_URL").rstrip("/") + path_for(account=account, kind=kind, subject_id=subject_id)
    if kind.secret:
        about = subject_id if kind.to else None
        token = identity.issue_email_token(user_id=account.id, purpose=kind.secret, about=about)
        # After the #, so that the secret reaches no server log and no Referer.
        link = f"{link}#token={token}"
    return link


def _settle(run: JobRun, delivery: Delivery, state: Delivery.State, reason: str, **more: Any) -> None:
    with atomic():
        if state == Delivery.State.FAILED:
            _fail(delivery, reason)
        else:
            Delivery.objects.filter(id=delivery.id).update(state=state, last_error=reason, **more)
        run.complete()


def _delay(run: JobRun, delivery: Delivery, kind: Kind, reason: str) -> None:
    if delivery.tries > len(PAUSES):
        _settle(run, delivery, Delivery.State.FAILED, reason)
        return
    with atomic():
        Delivery.objects.filter(id=delivery.id).update(last_error=reason)
        # The key gives every try one successor, however often its worker dies here.
        queue_email(
            delivery_id=delivery.id, kind=kind, key=f"email:after:{run.job_id}", pause=PAUSES[delivery.tries - 1]
        )
        run.complete()


def _fail(delivery: Delivery, reason: str) -> None:
    Delivery.objects.filter(id=delivery.id).update(state=Delivery.State.FAILED, last_error=reason)
    publish(DeliveryFailed(aggregate_id=delivery.notice.user_id, delivery_id=delivery.id))
