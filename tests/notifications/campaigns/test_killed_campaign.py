"""A campaign whose processes are killed -9 again and again reaches everybody, and is exact to the last recipient.

``make check W=campaigns`` kills twenty times among 5,000 people; the suite takes a sample.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connections

from config.kernel import clock
from config.kernel.db.identifiers import uuid7
from config.kernel.jobs.execution import run_dispatched
from identity import services as identity
from notifications import services
from notifications.models import Campaign, CampaignRecipient, Delivery, DeliveryEvent, Job, Notice
from notifications.services import deciding
from notifications.services.campaigns import recipients, runs
from notifications.services.campaigns.people import PAGE
from notifications.services.campaigns.turns import event_key, waiting_of
from notifications.services.sending.windows import WINDOW
from tests.client import make_principal
from tests.factories.notifications import CampaignFactory
from tests.notifications.support import MailServer, leases_end, reached
from tests.notifications.templates_in_force import VALUES, publish_template
from tests.system.crashing import killed_at

pytestmark = pytest.mark.django_db(transaction=True)
LONG = os.environ.get("SOP_CAMPAIGN") == "1"
PEOPLE, KILLS = (5_000, 20) if LONG else (60, 4)
# As many places as a process passes while it begins, fills and sends: statements, commits.
MANY_PLACES = 300 if LONG else 80


@pytest.fixture
def people(smtp: MailServer, settings: Any) -> Iterator[list[UUID]]:
    """Everybody of the audience, in pages, each with a mailbox at a real mail server."""
    settings.MAILS_PER_DAY = 10**6
    ids = sorted(uuid7() for _ in range(PEOPLE))

    def page(audience: Any, after: UUID | None) -> tuple[tuple[identity.PersonMatch, ...], UUID | None]:
        found = [one for one in ids if after is None or one > after][:PAGE]
        matches = tuple(identity.PersonMatch(user_id=one, locale="en", zone=None) for one in found)
        return matches, found[-1] if len(found) == PAGE else None

    with mock.patch.object(recipients, "page_of", page), mock.patch.object(deciding.identity, "contacts", reached):
        yield ids


def _work() -> None:
    """What scheduler and workers do for as long as anything is due."""
    runs.tend_campaigns(mock.Mock())
    while due := _due():
        run_dispatched("notifications", *due)


def _due() -> tuple[UUID, str] | None:
    with connections["notifications"].cursor() as cursor:
        cursor.execute(
            "SELECT id, queue FROM notifications_job WHERE state = 'QUEUED' AND run_after <= clock_timestamp()"
            " ORDER BY run_after LIMIT 1"
        )
        found: tuple[UUID, str] | None = cursor.fetchone()
    return found


def test_everybody_is_reached_and_nobody_twice_that_is_not_in_doubt(
    smtp: MailServer, people: list[UUID], tmp_path: Any
) -> None:
    publish_template()
    campaign = CampaignFactory(running=True, gathered_at=None, values=VALUES, per_minute=10_000)
    chance, killed, minutes, again = random.Random(14), 0, 0, 0
    while killed < KILLS:
        with clock.shifted(timedelta(minutes=minutes)):
            killed += killed_at(chance.randint(1, MANY_PLACES), _work, tmp_path) is not None
        leases_end()
        minutes += 2
        assert minutes < 20 * KILLS, "the work was over before every process had been killed"
    while waiting_of(campaign.id).exists() or Job.objects.filter(state__in=("QUEUED", "RUNNING")).exists():
        with clock.shifted(timedelta(minutes=minutes)):
            _work()
        leases_end()
        minutes += 2
        assert minutes < 120 * KILLS
        # A job that was killed three times is dead, and seen by staff, who have it sent again.
        failed = Delivery.objects.filter(state="FAILED").values_list("id", flat=True)
        again += services.resend_failed(delivery_ids=list(failed))

    rows = CampaignRecipient.objects.filter(campaign=campaign)
    assert list(rows.order_by("position").values_list("user_id", flat=True)) == people
    told = Notice.objects.filter(event_key=event_key(campaign.id))
    assert set(rows.values_list("user_id", "notice_id")) == set(told.values_list("user_id", "id"))
    deliveries = Delivery.objects.filter(campaign_id=campaign.id)
    assert sorted(deliveries.values_list("user_id", flat=True)) == people, "one for each, and no more"
    # Whose one further try died as well stays UNCERTAIN: nobody knows, and nothing is sent a third time.
    open_ones = {str(one) for one in deliveries.filter(state="UNCERTAIN").values_list("id", flat=True)}
    assert deliveries.filter(state="SENT").count() == PEOPLE - len(open_ones)

    taken = Counter(message["Message-ID"].strip("<>").partition("@")[0] for message in smtp.taken)
    sent = {str(one) for one in deliveries.values_list("id", flat=True)}
    assert sent - open_ones <= taken.keys() <= sent, "every mail arrived of which that is said"
    doubted = set(DeliveryEvent.objects.filter(what="uncertain").values_list("delivery_id", flat=True))
    twice = {UUID(one) for one, copies in taken.items() if copies > 1}
    assert max(taken.values()) <= 2
    assert twice | {UUID(one) for one in open_ones} <= doubted
    assert len(doubted) <= WINDOW * killed
    runs.watch_campaigns(mock.Mock())
    report = services.campaign_report(principal=make_principal("administrator"), campaign_id=campaign.id)
    assert (report.state, report.people, report.given) == ("FINISHED", PEOPLE, PEOPLE)
    assert report.by_state.get("SENT", 0) == PEOPLE - len(open_ones)
    assert Campaign.objects.get().ended_at is not None
    print(
        f"{PEOPLE} people, {killed} kills: {len(doubted)} in doubt, {len(twice)} mails twice, {again} by staff, 0 lost"
    )
