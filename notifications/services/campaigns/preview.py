"""What a campaign would do, without doing it; and one of its messages to whoever asks."""

from collections.abc import Iterator
from math import ceil
from uuid import UUID

from config.kernel.auth import Principal
from config.kernel.db import uuid7
from config.kernel.errors import Conflict
from notifications.db import atomic
from notifications.domain.audience import audience_of
from notifications.domain.categories import Category, ChannelName
from notifications.domain.schedule import first_start
from notifications.models import Campaign
from notifications.services.campaigns.drafts import campaign_row, note, staff_member, stale_templates
from notifications.services.campaigns.dto import CampaignPreview, CampaignText, variants_of
from notifications.services.campaigns.people import count_audience
from notifications.services.outgoing import create_notice
from notifications.services.send.checks import shown_texts
from notifications.services.templates import template_version


def preview_campaign(*, principal: Principal, campaign_id: UUID) -> CampaignPreview:
    """Its people as they are now, when and how long, and its words by each channel in each language."""
    staff_member(principal)
    row = campaign_row(campaign_id)
    audience = count_audience(audience_of(row.audience))
    with atomic():
        note("campaign.preview", row, people=audience.people)
    return CampaignPreview(
        audience=audience,
        first_start=first_start(row.zone, day=row.starts_on, at=row.starts_time),
        minutes=ceil(audience.people / row.per_minute),
        texts=tuple(_texts(row)),
    )


def try_campaign(*, principal: Principal, campaign_id: UUID) -> int:
    """Send each of its variants to whoever asks, as its people would get it; returns how many notices that were."""
    person = staff_member(principal)
    row = campaign_row(campaign_id)
    if stale := stale_templates(row):
        raise Conflict(f"Its text has changed since it was planned: {', '.join(stale)}.", code="template_changed")
    sent = 0
    with atomic():
        for variant in variants_of(row):
            notice = create_notice(
                user_id=person,
                category=Category(row.category),
                event_key=f"campaign-test:{row.id}:{uuid7()}",
                template=variant.template,
                template_version=variant.template_version,
                values=row.values,
                channels=row.channels,
            )
            sent += notice is not None
        note("campaign.test", row, sent=sent)
    return sent


def _texts(row: Campaign) -> Iterator[CampaignText]:
    for variant in variants_of(row):
        template = template_version(code=variant.template, version=variant.template_version)
        if template is None:
            continue
        # In their news everybody reads it, whichever channels tell that there is some.
        channels = dict.fromkeys((ChannelName.IN_APP, *row.channels))
        for channel, rendered in shown_texts(template, channels=channels, values=row.values):
            yield CampaignText(
                variant=variant.name,
                channel=channel,
                language=rendered.language,
                subject=rendered.subject,
                text=rendered.text,
            )
