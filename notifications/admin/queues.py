"""What waits in notifications, by role."""

from collections.abc import Iterable

from config.kernel.admin.home import Queue, Roles, listed, waiting
from notifications.domain.state_machines import CampaignState, EscalationState
from notifications.models import Campaign, Escalation, Webhook
from notifications.services.campaigns.drafts import WRITERS
from notifications.services.escalation import REACHERS


def queues(roles: Roles) -> Iterable[Queue]:
    """People whom nobody could tell what they must know; webhooks that failed; campaigns that wait for somebody."""
    if roles & REACHERS:
        unreached = waiting(Escalation.objects.filter(state=EscalationState.UNREACHED))
        link = listed("notifications", "escalation", state__exact=EscalationState.UNREACHED)
        yield Queue("People we cannot reach", unreached, link, late=True)
    if "administrator" in roles:
        off = waiting(Webhook.objects.filter(off_reason__in=("failing", "gone")))
        yield Queue("Webhooks switched off", off, listed("notifications", "webhook"), late=True)
    if roles & WRITERS:
        for title, state in (
            ("Campaigns to approve", CampaignState.SUBMITTED),
            ("Paused campaigns", CampaignState.PAUSED),
        ):
            found = waiting(Campaign.objects.filter(state=state))
            yield Queue(title, found, listed("notifications", "campaign", state__exact=state))
