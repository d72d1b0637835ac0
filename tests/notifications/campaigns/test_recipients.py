"""The people of a campaign are written down once, in pages, with the instant from which on their turn may come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from unittest import mock
from uuid import UUID

import pytest
from django.db import connections

from config.kernel import clock
from identity.models import User
from notifications.models import Campaign, CampaignRecipient, Job
from notifications.services.campaigns import people, runs
from notifications.services.campaigns.recipients import gather_page
from tests.factories import make_account
from tests.factories.notifications import CampaignFactory
from tests.notifications.campaigns.test_turns import Deadly, Killed

pytestmark = pytest.mark.django_db
HERE = {"countries": ["IS"]}


def _people(*zones: str) -> list[UUID]:
    made = [make_account("patient", country="IS").id for _ in zones]
    for user_id, zone in zip(made, zones, strict=True):
        User.objects.filter(id=user_id).update(time_zone=zone)
    return made


def _campaign(**changes: object) -> Campaign:
    return CampaignFactory(running=True, gathered_at=None, audience=HERE, starts_on=date(2026, 12, 1), **changes)


def test_everybody_is_written_down_once_though_the_process_dies_at_every_page() -> None:
    made, campaign, deaths = _people(*["UTC"] * 5), _campaign(), 0
    with mock.patch.object(people, "PAGE", 2):
        for _ in range(100):
            try:
                with connections["notifications"].execute_wrapper(Deadly(deaths % 4)):
                    while gather_page(campaign.id):
                        continue
            except Killed:
                deaths += 1
            else:
                break
    assert deaths > 3
    rows = CampaignRecipient.objects.order_by("position")
    assert list(rows.values_list("user_id", "position")) == [(user_id, n) for n, user_id in enumerate(sorted(made))]
    campaign.refresh_from_db()
    assert campaign.people == 5
    assert campaign.gathered_at is not None
    assert not gather_page(campaign.id), "it is done"


def test_each_goes_by_the_clock_where_they_are() -> None:
    tokyo, new_york, unknown = _people("Asia/Tokyo", "America/New_York", "UTC")
    gather_page(_campaign(zone="recipient").id)
    assert dict(CampaignRecipient.objects.values_list("user_id", "not_before")) == {
        tokyo: datetime(2026, 12, 1, 0, tzinfo=UTC),
        new_york: datetime(2026, 12, 1, 14, tzinfo=UTC),
        unknown: datetime(2026, 12, 1, 9, tzinfo=UTC),
    }


def test_or_all_by_one_clock_or_at_once() -> None:
    _people("Asia/Tokyo", "UTC")
    gather_page(_campaign(zone="Europe/Berlin").id)
    assert set(CampaignRecipient.objects.values_list("not_before", "zone")) == {
        (datetime(2026, 12, 1, 8, tzinfo=UTC), "Europe/Berlin")
    }
    now = _campaign(zone="recipient", at_once=True)
    gather_page(now.id)
    mine = CampaignRecipient.objects.filter(campaign=now)
    assert set(mine.values_list("not_before", flat=True)) == {now.started_at}


def test_the_shares_of_variants_come_out() -> None:
    _people(*["UTC"] * 12)
    variants = [
        {"name": name, "template": "autumn_news", "template_version": 1, "share": 50} for name in ("plain", "warm")
    ]
    gather_page(_campaign(variants=variants).id)
    drawn = list(CampaignRecipient.objects.values_list("variant", flat=True))
    assert set(drawn) == {0, 1}


def test_a_campaign_begins_at_its_hour_by_the_first_clock_that_shows_it(template: str) -> None:
    campaign = CampaignFactory(approved=True, starts_on=date(2026, 12, 1), starts_time=time(9), zone="recipient")
    run = mock.Mock()
    with clock.frozen(datetime(2026, 11, 30, 18, 59, 59, tzinfo=UTC)):
        runs.tend_campaigns(run)
        assert Campaign.objects.get().state == "SCHEDULED"
    with clock.frozen(datetime(2026, 11, 30, 19, tzinfo=UTC)):
        runs.tend_campaigns(run)
        runs.tend_campaigns(run)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.started_at) == ("RUNNING", datetime(2026, 11, 30, 19, tzinfo=UTC))
    fills = Job.objects.filter(kind=runs.FILL, subject_id=campaign.id)
    assert fills.count() == 1, "two schedulers at one time fill it once"
