"""Everybody of a campaign has their turn once, at its pace, in its hours, whatever dies meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from config.kernel import clock
from config.kernel.db.states import advance
from config.kernel.jobs.execution import run_dispatched
from notifications.domain.categories import Category
from notifications.domain.state_machines import CampaignState
from notifications.models import Campaign, CampaignRecipient, Counter, Delivery, Job, Notice
from notifications.services import deciding
from notifications.services.campaigns import turns
from notifications.services.campaigns.turns import event_key, give_turns, waiting_of
from notifications.services.outgoing import create_notice
from tests.factories.identity import PatientMergeFactory
from tests.factories.notifications import CampaignRecipientFactory
from tests.notifications.campaigns.conftest import Running
from tests.notifications.support import reached
from tests.notifications.templates_in_force import VALUES

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process dies here."""


class Deadly:
    """Dies before the statement of a number; ``count`` is how many there were."""

    def __init__(self, number: int) -> None:
        self.number, self.count = number, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # What ends a transaction is left alone: PostgreSQL itself undoes what a dead process has begun.
        if "SAVEPOINT" not in sql:
            self.count += 1
            if self.count > self.number:
                raise Killed
        return execute(sql, params, many, context)


def _give_all(campaign: Campaign) -> None:
    while give_turns(campaign.id):
        continue


def _exact(campaign: Campaign, people: int) -> None:
    """One notice and one delivery for each, one job for each delivery, and nobody who waits."""
    recipients = CampaignRecipient.objects.filter(campaign=campaign)
    mine = Notice.objects.filter(event_key=event_key(campaign.id))
    assert recipients.count() == mine.count() == people
    assert set(recipients.values_list("user_id", "notice_id")) == set(mine.values_list("user_id", "id"))
    deliveries = Delivery.objects.filter(campaign_id=campaign.id)
    assert set(deliveries.values_list("notice_id", flat=True)) == set(mine.values_list("id", flat=True))
    assert deliveries.count() == people
    jobs = Job.objects.filter(kind="notifications.send_email", subject_id__in=deliveries.values("id"))
    assert jobs.count() == people


def test_everybody_has_their_turn_once_and_at_the_pace(running: Running) -> None:
    campaign = running(7)
    with clock.frozen(NOON):
        CampaignRecipient.objects.update(not_before=NOON)
        _give_all(campaign)
    _exact(campaign, 7)
    given = list(
        Delivery.objects.filter(campaign_id=campaign.id)
        .order_by("not_before")
        .values_list("not_before", "notice__user_id")
    )
    assert [at for at, _ in given] == [NOON + timedelta(seconds=number) for number in range(7)]
    order = CampaignRecipient.objects.order_by("position").values_list("user_id", flat=True)
    assert [user_id for _, user_id in given] == list(order)
    due = dict(Job.objects.values_list("subject_id", "run_after"))
    assert {row.id: row.not_before for row in Delivery.objects.all()} == due
    assert set(Notice.objects.values_list("sequence", flat=True)) == {1}


def test_its_rows_are_those_that_a_single_notice_has(running: Running) -> None:
    campaign = running(1)
    with clock.frozen(NOON):
        CampaignRecipient.objects.update(not_before=NOON)
        _give_all(campaign)
        mine = Notice.objects.get()
        Notice.objects.filter(id=mine.id).update(event_key="another")
        create_notice(
            user_id=mine.user_id,
            category=Category.ANNOUNCEMENTS,
            event_key=event_key(campaign.id),
            template="autumn_news",
            template_version=1,
            values=VALUES,
            channels=["email"],
            not_before=NOON,
            campaign_id=campaign.id,
        )
        Notice.objects.filter(id=mine.id).update(event_key=event_key(campaign.id) + "x")
    one, other = Notice.objects.order_by("sequence")
    assert (one.sequence, other.sequence, Counter.objects.get().last) == (1, 2, 2)
    _alike(one, other, but={"id", "sequence", "event_key", "updated_at"})
    first, second = one.deliveries.get(), other.deliveries.get()
    _alike(first, second, but={"id", "notice_id", "updated_at"})
    jobs = {job.subject_id: job for job in Job.objects.all()}
    _alike(jobs[first.id], jobs[second.id], but={"id", "subject_id", "created_at", "run_after"})


def _alike(one: Any, other: Any, *, but: set[str]) -> None:
    names = {column.attname for column in one._meta.concrete_fields} - but
    assert {name: getattr(one, name) for name in names} == {name: getattr(other, name) for name in names}


def test_a_process_that_dies_before_any_statement_leaves_everybody_waiting_or_served_once(running: Running) -> None:
    campaign, deaths = running(3), 0
    while True:
        deadly = Deadly(deaths)
        try:
            with connections["notifications"].execute_wrapper(deadly):
                _give_all(campaign)
        except Killed:
            served = CampaignRecipient.objects.filter(notice_id__isnull=False).count()
            assert served == Notice.objects.count() == Delivery.objects.count() == Job.objects.count()
            assert served in (0, 3), "a batch is served whole, or not at all"
            deaths += 1
        else:
            break
    assert deaths > 10, "each statement of a batch was a place to die at"
    _exact(campaign, 3)


def test_who_was_told_and_is_taken_for_waiting_is_not_told_again(running: Running) -> None:
    campaign = running(2)
    _give_all(campaign)
    CampaignRecipient.objects.update(notice_id=None)
    _give_all(campaign)
    Campaign.objects.update(given_until=None)
    _give_all(campaign)
    _exact(campaign, 2)


def test_after_a_pause_nothing_follows_but_what_had_its_turn_within_the_minute(running: Running) -> None:
    campaign = running(10, per_minute=3)
    with clock.frozen(NOON):
        CampaignRecipient.objects.update(not_before=NOON)
        _give_all(campaign)
        assert waiting_of(campaign.id).count() == 7
        assert max(Delivery.objects.values_list("not_before", flat=True)) < NOON + timedelta(minutes=1)
        advance(Campaign.objects.get(), CampaignState.PAUSED)
    with clock.frozen(NOON + timedelta(hours=5)):
        assert not give_turns(campaign.id)
        assert Delivery.objects.count() == 3
        advance(Campaign.objects.get(), CampaignState.RUNNING)
        _give_all(campaign)
        assert Delivery.objects.count() == 6, "five hours are not made up for"


def test_whoever_is_left_at_the_latest_start_is_left_out(running: Running) -> None:
    campaign = running(5, per_minute=2, latest_start=NOON + timedelta(seconds=90))
    for seconds in (0, 60, 89, 90, 3600):
        with clock.frozen(NOON + timedelta(seconds=seconds)):
            CampaignRecipient.objects.filter(notice_id=None).update(not_before=NOON)
            _give_all(campaign)
    assert Delivery.objects.count() == 3
    assert max(Delivery.objects.values_list("not_before", flat=True)) < NOON + timedelta(seconds=90)
    assert CampaignRecipient.objects.filter(left_out="too_late", notice_id=None).count() == 2


def test_outside_of_its_hours_people_wait_for_the_morning_where_they_are(running: Running) -> None:
    campaign = running(1, window_from=time(9), window_to=time(18), zone="recipient")
    CampaignRecipientFactory(campaign=campaign, zone="Asia/Tokyo")
    CampaignRecipientFactory(campaign=campaign, zone="America/New_York")
    with clock.frozen(NOON):
        CampaignRecipient.objects.update(not_before=NOON)
        _give_all(campaign)
    waiting = dict(waiting_of(campaign.id).values_list("zone", "not_before"))
    assert waiting == {
        "Asia/Tokyo": datetime(2026, 12, 1, 0, tzinfo=UTC),
        "America/New_York": datetime(2026, 11, 30, 14, tzinfo=UTC),
    }
    for instant in sorted(waiting.values()):
        with clock.frozen(instant):
            _give_all(campaign)
    _exact(campaign, 3)


def test_two_accounts_that_were_joined_meanwhile_are_one_person(running: Running) -> None:
    campaign = running(0)
    both, alone = PatientMergeFactory(state="MERGED"), PatientMergeFactory(state="MERGED")
    for user_id in (both.alias_id, both.survivor_id, alone.alias_id):
        CampaignRecipientFactory(campaign=campaign, user_id=user_id)
    _give_all(campaign)
    told = set(Notice.objects.values_list("user_id", flat=True))
    assert told == {both.survivor_id, alone.survivor_id}
    assert CampaignRecipient.objects.get(user_id=both.alias_id).left_out == "same_person"
    assert Delivery.objects.count() == 2


def test_nobody_is_waited_for(running: Running) -> None:
    """Two processes that each write to many people never wait for each other."""
    campaign = running(2)
    busy = CampaignRecipient.objects.first()
    assert busy
    parameters = connections["notifications"].get_connection_params()
    parameters = {
        name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters
    }
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 7))", [str(busy.user_id)])
        give_turns(campaign.id)
        assert list(waiting_of(campaign.id).values_list("user_id", flat=True)) == [busy.user_id]
    with clock.shifted(timedelta(seconds=20)):
        _give_all(campaign)
    _exact(campaign, 2)


def test_a_batch_takes_as_many_statements_for_many_as_for_few(running: Running) -> None:
    counted = []
    for people in (2, 40):
        campaign, deadly = running(people, per_minute=10_000), Deadly(10_000)
        with connections["notifications"].execute_wrapper(deadly):
            give_turns(campaign.id)
        assert not waiting_of(campaign.id).exists()
        counted.append(deadly.count)
    assert counted[0] == counted[1] <= 20


def test_batches_follow_each_other_without_a_gap(running: Running) -> None:
    campaign = running(9, per_minute=600)
    with clock.frozen(NOON), mock.patch.object(turns, "BATCH", 4):
        CampaignRecipient.objects.update(not_before=NOON)
        _give_all(campaign)
    _exact(campaign, 9)
    at = sorted(Delivery.objects.values_list("not_before", flat=True))
    assert {later - earlier for earlier, later in pairwise(at)} == {timedelta(milliseconds=100)}


def test_of_a_window_of_mails_each_version_of_a_text_is_read_once(running: Running, template: str) -> None:
    with mock.patch.object(deciding.identity, "contacts", reached):
        _give_all(running(20))
        Delivery.objects.update(not_before=clock.now())
        Job.objects.update(run_after=clock.now())
        with CaptureQueriesContext(connections["notifications"]) as statements:
            job = Job.objects.values_list("id", "queue").first()
            assert job is not None
            run_dispatched("notifications", *job)
    assert Delivery.objects.filter(state="SENT").count() == 20
    read = [
        one["sql"] for one in statements if 'FROM "notifications_edition"' in one["sql"] and '"number"' in one["sql"]
    ]
    assert len(read) == 1
