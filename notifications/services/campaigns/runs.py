"""The jobs of campaigns: beginning at their hour, filling the next minute, watching."""

from uuid import UUID

from config.kernel.jobs import JobRun, enqueue
from notifications.db import atomic, now
from notifications.domain.schedule import first_start
from notifications.domain.state_machines import CampaignState
from notifications.models import Campaign
from notifications.services.campaigns.health import watch_campaign
from notifications.services.campaigns.recipients import gather_page
from notifications.services.campaigns.steps import begin
from notifications.services.campaigns.turns import give_turns

FILL = "notifications.fill_campaign"
TEND = "notifications.tend_campaigns"
WATCH = "notifications.watch_campaigns"
# The next minute is looked at three times in it, so that one job that is late leaves no gap.
TEND_SECONDS, WATCH_SECONDS = 20, 60


def tend_campaigns(_: JobRun) -> None:
    """Begin what is due, and have the next minute of each that runs filled."""
    instant = now()
    for campaign_id in _in_state(CampaignState.SCHEDULED):
        _begin_if_due(campaign_id)
    for campaign_id in _in_state(CampaignState.RUNNING):
        key = f"fill:{campaign_id}:{int(instant.timestamp()) // TEND_SECONDS}"
        enqueue(context="notifications", kind=FILL, subject_id=campaign_id, queue="bulk", key=key)


def fill_campaign(run_: JobRun) -> None:
    """Write down its people, if that is not done, and give out the turns of the next minute."""
    while gather_page(run_.subject_id):
        continue
    while give_turns(run_.subject_id):
        continue


def watch_campaigns(_: JobRun) -> None:
    """Pause what goes wrong, finish what is over."""
    for campaign_id in _in_state(CampaignState.RUNNING):
        watch_campaign(campaign_id)


def _begin_if_due(campaign_id: UUID) -> None:
    with atomic():
        row = (
            Campaign.objects.select_for_update(skip_locked=True)
            .filter(id=campaign_id, state=CampaignState.SCHEDULED)
            .first()
        )
        if row is not None and first_start(row.zone, day=row.starts_on, at=row.starts_time) <= now():
            begin(row)


def _in_state(state: CampaignState) -> list[UUID]:
    return list(Campaign.objects.filter(state=state).order_by("id").values_list("id", flat=True))
