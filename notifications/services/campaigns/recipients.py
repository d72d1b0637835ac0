"""Writing down who is of a campaign, once, when it begins: a page of people in each transaction."""

from datetime import datetime
from uuid import UUID

from config.kernel.db.rows import update_row
from identity import services as identity
from notifications.db import atomic, now
from notifications.domain.audience import audience_of
from notifications.domain.schedule import start_in, zone_for
from notifications.domain.state_machines import CampaignState
from notifications.domain.variants import variant_of
from notifications.models import Campaign, CampaignRecipient
from notifications.services.campaigns.dto import variants_of
from notifications.services.campaigns.people import page_of


def gather_page(campaign_id: UUID) -> bool:
    """The next page; whether there is another one. How far it came is written with it, so that none is read twice."""
    with atomic():
        row = (
            Campaign.objects.select_for_update(skip_locked=True)
            .filter(id=campaign_id, state=CampaignState.RUNNING, gathered_at=None)
            .first()
        )
        if row is None:
            return False
        people, following = page_of(audience_of(row.audience), row.gathered_after)
        CampaignRecipient.objects.bulk_create(_rows(row, people))
        row.people += len(people)
        if following is None:
            row.gathered_at = now()
        else:
            row.gathered_after = following
        update_row(row)
    return following is not None


def _rows(row: Campaign, people: tuple[identity.PersonMatch, ...]) -> list[CampaignRecipient]:
    shares = [one.share for one in variants_of(row)]
    starts: dict[str, datetime] = {}
    rows = []
    for number, person in enumerate(people):
        zone = zone_for(row.zone, person.zone)
        if zone not in starts:
            starts[zone] = _start(row, zone)
        rows.append(
            CampaignRecipient(
                campaign=row,
                user_id=person.user_id,
                position=row.people + number,
                variant=variant_of(row.id, person.user_id, shares),
                zone=zone,
                not_before=starts[zone],
            )
        )
    return rows


def _start(row: Campaign, zone: str) -> datetime:
    if row.at_once and row.started_at is not None:
        return row.started_at
    return start_in(zone, day=row.starts_on, at=row.starts_time)
