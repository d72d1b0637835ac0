"""This context's jobs."""

from uuid import UUID

from config.kernel.jobs import every, job, on_failure
from notifications.domain.categories import ChannelName
from notifications.services import escalation
from notifications.services.addresses.phone_codes import PHONE_CODE_KIND, send_phone_code
from notifications.services.campaigns import runs
from notifications.services.records_mail import RECORDS_KIND, mail_records_request, records_mail_gave_up
from notifications.services.send.requests import KIND as SEND_KIND
from notifications.services.send.requests import send_scheduled
from notifications.services.sending.jobs import delivery_failed, send_emails, send_pushes, send_texts
from notifications.services.sending.queue import JOB_OF
from notifications.services.sending.reconciliation import EVERY_SECONDS, RECONCILE_SMS, reconcile_sms
from notifications.services.sending.windows import BATCH
from notifications.services.waiting.digests import BUILD_DIGESTS, build_digests
from notifications.services.waiting.held_deliveries import RELEASE_HELD, release_held
from notifications.services.webhooks.hook_lanes import BATCH as HOOK_BATCH
from notifications.services.webhooks.hook_lanes import send_hooks
from notifications.services.webhooks.hook_queue import HOOK_KIND, hook_gave_up

job(JOB_OF[ChannelName.EMAIL], queue="interactive", lease_seconds=24, batch=BATCH)(send_emails)
job(JOB_OF[ChannelName.SMS], queue="interactive", lease_seconds=24, batch=BATCH)(send_texts)
job(JOB_OF[ChannelName.PUSH], queue="interactive", lease_seconds=24, batch=BATCH)(send_pushes)
job(RECORDS_KIND, queue="bulk", lease_seconds=24)(mail_records_request)
job(escalation.KIND, queue="bulk", lease_seconds=24)(escalation.escalate)
every(escalation.KIND, seconds=60)
job(SEND_KIND, queue="bulk", lease_seconds=24)(send_scheduled)
job(runs.TEND, queue="bulk", lease_seconds=24)(runs.tend_campaigns)
job(runs.FILL, queue="bulk", lease_seconds=24)(runs.fill_campaign)
job(runs.WATCH, queue="bulk", lease_seconds=24)(runs.watch_campaigns)
every(runs.TEND, seconds=runs.TEND_SECONDS)
every(runs.WATCH, seconds=runs.WATCH_SECONDS)
job(BUILD_DIGESTS, queue="bulk", lease_seconds=24)(build_digests)
job(RELEASE_HELD, queue="bulk", lease_seconds=24)(release_held)
every(BUILD_DIGESTS, seconds=60)
every(RELEASE_HELD, seconds=60)
job(HOOK_KIND, queue="bulk", lease_seconds=24, batch=HOOK_BATCH)(send_hooks)
job(PHONE_CODE_KIND, queue="interactive", lease_seconds=60)(send_phone_code)


job(RECONCILE_SMS, queue="bulk", lease_seconds=24)(reconcile_sms)
every(RECONCILE_SMS, seconds=EVERY_SECONDS)


for kind in JOB_OF.values():
    on_failure(kind)(delivery_failed)


@on_failure(RECORDS_KIND)
def records_mail_is_dead(request_id: UUID) -> None:
    """Tells cases, so that a coordinator looks at it."""
    records_mail_gave_up(request_id)


@on_failure(HOOK_KIND)
def hook_is_dead(delivery_id: UUID) -> None:
    """Marks it failed; staff may replay it."""
    hook_gave_up(delivery_id)
