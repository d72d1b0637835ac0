"""The job that sends a notice's mail."""

from uuid import UUID

from config.kernel.conf import setting
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish
from identity import services as identity
from notifications.adapters.mail import send_mail
from notifications.db import atomic, now
from notifications.domain.kinds import KINDS
from notifications.events import DeliveryFailed
from notifications.models import Delivery


def send_email(run: JobRun) -> None:
    """Send once by our records. The secret of a link is made now, and stands in the mail alone."""
    delivery = Delivery.objects.select_related("notice").get(id=run.subject_id)
    if delivery.state == "SENT":
        return
    notice, kind = delivery.notice, KINDS[delivery.notice.kind]
    account = identity.get_account(user_id=notice.user_id)
    link = setting("PUBLIC_URL").rstrip("/") + kind.link
    if kind.secret:
        token = identity.issue_email_token(user_id=notice.user_id, purpose=kind.secret)
        # After the #, so that the secret reaches no server log and no Referer.
        link = f"{link}#token={token}"
    Delivery.objects.filter(id=delivery.id).update(tries=delivery.tries + 1)
    send_mail(to=account.email, kind=kind.name, security=kind.security, link=link, locale=account.locale)
    with atomic():
        Delivery.objects.filter(id=delivery.id).update(state="SENT", sent_at=now())
        run.complete()


def delivery_failed(delivery_id: UUID) -> None:
    """After the last try: visible to staff, and told."""
    with atomic():
        delivery = Delivery.objects.select_related("notice").get(id=delivery_id)
        Delivery.objects.filter(id=delivery_id).update(state="FAILED")
        publish(DeliveryFailed(aggregate_id=delivery.notice.user_id, delivery_id=delivery_id))
