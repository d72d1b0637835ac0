"""A notice and its deliveries are rows that are there together: by the channels that are on, and by what was chosen."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest

from config.kernel import clock
from notifications.domain.categories import Category, ChannelName, Choice
from notifications.models import Delivery, DeliveryEvent, Job, Notice
from notifications.services import outgoing
from tests.factories.notifications import ChannelPreferenceFactory

pytestmark = pytest.mark.django_db
ALL = ("email", "push", "sms")


@pytest.fixture(autouse=True)
def _on():
    with mock.patch.object(outgoing, "channels_on", return_value=ALL):
        yield


def _create(user_id=None, **more):
    told = {"category": Category.CASE, "kind": "report_ready", "event_key": str(uuid4())} | more
    return outgoing.create_notice(user_id=user_id or uuid4(), **told)


def _channels():
    return sorted(Delivery.objects.values_list("channel", flat=True))


def _choose(user_id, channel, choice, category=Category.CASE):
    ChannelPreferenceFactory(user_id=user_id, category=category, channel=channel, choice=choice)


def test_a_notice_has_a_mail_and_what_its_reader_has_chosen():
    user = uuid4()
    _create(user)
    assert _channels() == ["email"]
    _choose(user, ChannelName.SMS, Choice.NOW)
    _choose(user, ChannelName.PUSH, Choice.OFF)
    _create(user)
    assert _channels() == ["email", "email", "sms"]
    assert set(Job.objects.values_list("kind", flat=True)) == {"notifications.send_email", "notifications.send_sms"}


def test_a_mail_is_written_down_even_for_whoever_wants_none_because_they_may_change_their_mind():
    user = uuid4()
    _choose(user, ChannelName.EMAIL, Choice.OFF)
    _create(user)
    assert _channels() == ["email"]


def test_of_the_channels_that_are_asked_for_those_that_are_on_are_taken():
    with mock.patch.object(outgoing, "channels_on", return_value=("email", "push")):
        _create(channels=("sms", "push"))
    assert _channels() == ["push"]


def test_what_is_about_the_mailbox_itself_goes_to_the_mailbox_alone():
    user = uuid4()
    for channel in (ChannelName.SMS, ChannelName.PUSH):
        _choose(user, channel, Choice.NOW, Category.SECURITY)
    _create(user, kind="reset_password", category=Category.SECURITY)
    _create(user, kind="email_changed", category=Category.SECURITY)
    assert _channels() == ["email", "email"]
    _create(user, kind="password_changed", category=Category.SECURITY)
    assert _channels() == ["email", "email", "email", "push", "sms"]


def test_what_is_for_later_waits_without_a_job_and_says_until_when():
    later = clock.now() + timedelta(hours=3)
    _create(not_before=later)
    row = Delivery.objects.get()
    assert (row.state, row.not_before) == ("HELD", later)
    assert not Job.objects.exists()
    assert list(DeliveryEvent.objects.values_list("what", "reason")) == [("held", "scheduled")]


def test_what_was_for_a_time_that_has_passed_leaves_now():
    _create(not_before=clock.now() - timedelta(hours=3))
    assert Delivery.objects.get().state == "QUEUED"
    assert Job.objects.count() == 1


def test_a_template_and_its_values_are_kept_with_the_version_that_is_sent():
    campaign = uuid4()
    _create(
        kind="",
        template="flu_season",
        template_version=3,
        values={"count": 2},
        category=Category.ANNOUNCEMENTS,
        campaign_id=campaign,
    )
    notice = Notice.objects.get()
    told = (notice.template, notice.template_version, notice.values, notice.category, notice.kind)
    assert told == ("flu_season", 3, {"count": 2}, "announcements", "")
    assert Delivery.objects.get().campaign_id == campaign


def test_the_same_event_writes_nothing_a_second_time():
    user = uuid4()
    assert _create(user, event_key="once") is not None
    assert _create(user, event_key="once") is None
    assert (Notice.objects.count(), Delivery.objects.count(), Job.objects.count()) == (1, 1, 1)
