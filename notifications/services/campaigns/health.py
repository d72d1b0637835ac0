"""Watching campaigns that run: one whose messages come back, or do not leave, is paused and says why."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from config.kernel.db.states import advance
from notifications.db import atomic, now
from notifications.domain.state_machines import CampaignState, DeliveryState
from notifications.models import Campaign, Delivery
from notifications.services.campaigns.drafts import note
from notifications.services.campaigns.steps import pause
from notifications.services.campaigns.turns import waiting_of

S = DeliveryState
# Of fewer than these nobody can say what share comes back.
MIN_SENT = 40
MAX_BOUNCED = 0.05
# What is queued longer than this waits for a provider, or for workers that are not there.
OVERDUE = timedelta(minutes=2)
MIN_OVERDUE = 20
BOUNCES, NOTHING_LEAVES = "bounces", "nothing_leaves"
_LEFT = (S.SENT, S.DELIVERED, S.BOUNCED)
_UNDER_WAY = (S.HELD, S.QUEUED, S.SENDING)


def watch_campaign(campaign_id: UUID) -> str:
    """Pause it, with the reason, where it goes wrong; finish it where everything has left. Returns what was said."""
    with atomic():
        row = Campaign.objects.select_for_update().filter(id=campaign_id, state=CampaignState.RUNNING).first()
        if row is None:
            return ""
        if reason := _trouble(row, now()):
            pause(row, reason)
            note("campaign.pause", row, reason=reason)
            return reason
        if _is_over(row):
            advance(row, CampaignState.FINISHED, version=row.version + 1, ended_at=now())
            note("campaign.finish", row)
            return "finished"
    return ""


def _trouble(row: Campaign, instant: datetime) -> str:
    since = row.watched_from or row.created_at
    mine, overdue = Delivery.objects.filter(campaign_id=row.id), Q(state=S.QUEUED, not_before__lt=instant - OVERDUE)
    counted = mine.aggregate(
        left=Count("id", filter=Q(state__in=_LEFT, sent_at__gte=since)),
        bounced=Count("id", filter=Q(state=S.BOUNCED, sent_at__gte=since)),
        overdue=Count("id", filter=overdue & Q(not_before__gte=since)),
        lately=Count("id", filter=Q(sent_at__gt=instant - OVERDUE)),
    )
    if counted["left"] >= MIN_SENT and counted["bounced"] > MAX_BOUNCED * counted["left"]:
        return BOUNCES
    return NOTHING_LEAVES if counted["overdue"] >= MIN_OVERDUE and not counted["lately"] else ""


def _is_over(row: Campaign) -> bool:
    """Everybody had their turn or was left out, and no message is still on its way to its provider."""
    if row.gathered_at is None or waiting_of(row.id).exists():
        return False
    return not Delivery.objects.filter(campaign_id=row.id, state__in=_UNDER_WAY).exists()
