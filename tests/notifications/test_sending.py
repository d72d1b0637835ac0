"""What becomes of a message that leaves by a channel: sent, told apart, paced, and never twice where that costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.jobs.execution import run_job
from config.kernel.limits import headers, store
from config.kernel.providers.circuit import FAULTS
from identity import services as identity
from notifications.adapters.protocol import EMAIL, SMS, Accepted, Delayed, Outward, Refused, Unanswered
from notifications.domain.categories import Category, ChannelName, Choice
from notifications.domain.deciding import SuppressionReason
from notifications.domain.delivery_reports import Happening
from notifications.domain.template_bodies import Words
from notifications.models import Delivery, DeliveryEvent, Job, OutboxEntry, Suppression
from notifications.services import deciding, outgoing
from notifications.services.addresses import suppressions
from notifications.services.delivery_events import provider_said
from notifications.services.outgoing import create_notice
from notifications.services.sending import windows
from notifications.services.sending.queue import queue_delivery
from notifications.services.sending.windows import CIRCUIT_PAUSE, WINDOW
from notifications.services.templates import Template, versions
from tests.factories import make_account
from tests.factories.notifications import ChannelPreferenceFactory
from tests.notifications.support import hurry, link_in, parts

pytestmark = pytest.mark.django_db
NUMBER = "+4915112345678"


class Provider:
    """A channel that keeps what it is given, and answers by ``answers``, the next one first; then it accepts."""

    def __init__(self, name: str) -> None:
        self.name, self.taken, self.asked, self.answers = name, [], 0, []
        self.before: Callable[[Outward], None] = lambda outward: None

    def provider(self) -> str:
        return "fake"

    @contextmanager
    def session(self) -> Iterator[Provider]:
        yield self

    def send(self, outward: Outward) -> Accepted:
        self.asked += 1
        self.before(outward)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Unanswered) or answer is None:
            self.taken.append(outward)
        if answer is not None:
            raise answer
        return Accepted(provider_id=f"fake-{self.asked}")


@pytest.fixture
def texts() -> Iterator[Provider]:
    yield from _instead(SMS)


@pytest.fixture
def mails() -> Iterator[Provider]:
    yield from _instead(EMAIL)


def _instead(name: str) -> Iterator[Provider]:
    provider, real = Provider(name), identity.contacts

    def with_a_number(*, user_ids):
        return {user_id: mock.Mock(wraps=None, **vars_of(one)) for user_id, one in real(user_ids=user_ids).items()}

    def vars_of(one):
        names = ("user_id", "address", "locale", "zone", "verified", "active")
        return {name: getattr(one, name) for name in names} | {"phone": NUMBER}

    with (
        mock.patch.object(windows, "channel", return_value=provider),
        mock.patch.object(outgoing, "channels_on", return_value=(EMAIL, SMS)),
        mock.patch.object(deciding.identity, "contacts", with_a_number),
    ):
        yield provider


def _tell(account=None, channel=EMAIL, category=Category.CASE, kind="report_ready", **more):
    account = account or make_account("patient")
    create_notice(user_id=account.id, category=category, kind=kind, event_key=str(uuid4()), channels=(channel,), **more)
    return Delivery.objects.get(user_id=account.id, channel=channel)


def _state(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.tries, delivery.reason


def _timeline(delivery):
    return [f"{what} {reason}".strip() for what, reason in delivery.events.values_list("what", "reason")]


def test_a_message_that_was_taken_has_its_providers_name_for_it_and_its_timeline(texts):
    delivery = _tell(channel=SMS)
    drain()
    assert _state(delivery) == ("SENT", 1, "")
    assert (delivery.provider, delivery.provider_id) == ("fake", "fake-1")
    assert bytes(delivery.address_hash) == suppressions.address_hash(ChannelName.SMS, NUMBER)
    assert _timeline(delivery) == ["sending", "sent"]
    (outward,) = texts.taken
    assert (outward.address, outward.unsubscribe_url) == (NUMBER, "")
    assert outward.link in outward.text


def test_a_text_message_that_nobody_answered_is_never_sent_again(texts):
    texts.answers = [Unanswered()]
    delivery = _tell(channel=SMS)
    for _ in range(6):
        drain()
        hurry()
    assert len(texts.taken) == 1
    assert _state(delivery) == ("UNCERTAIN", 1, "no_answer")
    # Nor by a job that somebody queues again.
    Job.objects.update(state="QUEUED", finished_at=None)
    drain()
    assert len(texts.taken) == 1


def test_a_text_message_whose_sender_died_is_never_sent_again(texts):
    delivery = _tell(channel=SMS)
    Delivery.objects.update(state="SENDING", sending_at=clock.now(), tries=1)
    for _ in range(3):
        drain()
        hurry()
    assert texts.taken == []
    assert _state(delivery) == ("UNCERTAIN", 1, "worker_lost")


def test_a_provider_that_names_a_time_is_asked_no_more_before_it_and_no_try_is_counted(texts):
    texts.answers = [Delayed("http_429", timedelta(seconds=90))]
    deliveries = [_tell(channel=SMS) for _ in range(3)]
    before = clock.now()
    drain()
    assert texts.asked == 1
    assert {_state(one) for one in deliveries} == {("QUEUED", 0, "http_429")}
    waiting = Job.objects.filter(state="QUEUED")
    assert waiting.count() == 3
    assert all(row.run_after - before >= timedelta(seconds=89) for row in waiting)
    hurry()
    drain()
    assert {_state(one)[:2] for one in deliveries} == {("SENT", 1)}


def test_a_number_that_has_had_enough_delays_nobody_else(texts):
    texts.answers = [Delayed("recipient_limit", timedelta(hours=3))]
    deliveries = [_tell(channel=SMS) for _ in range(3)]
    drain()
    assert sorted(_state(one)[0] for one in deliveries) == ["QUEUED", "SENT", "SENT"]


def test_a_provider_that_fails_again_and_again_is_left_alone_and_the_rest_keeps_its_tries(mails):
    mails.answers = [Delayed("unreachable")] * FAULTS
    deliveries = [_tell() for _ in range(WINDOW + 3)]
    before = clock.now()
    drain()
    assert mails.asked == FAULTS
    tries = [_state(one)[1] for one in deliveries]
    assert (tries.count(1), tries.count(0)) == (FAULTS, WINDOW + 3 - FAULTS)
    untried = Job.objects.filter(state="QUEUED", tries=0, subject_id__in=[d.id for d in deliveries if not d.tries])
    assert untried.count() == WINDOW + 3 - FAULTS
    assert all(row.run_after - before >= CIRCUIT_PAUSE for row in untried)


def test_an_address_that_bounces_at_once_is_failed_told_and_written_to_no_more(mails, maria):
    mails.answers = [Refused("smtp_550", "hard")]
    delivery = _tell(maria)
    drain()
    assert _state(delivery) == ("FAILED", 1, "smtp_550")
    assert OutboxEntry.objects.filter(name="notifications.delivery.failed.v1").count() == 1
    assert Suppression.objects.get().user_id == maria.id
    create_notice(user_id=maria.id, category=Category.CASE, kind="question_asked", event_key="k")
    drain()
    second = Delivery.objects.latest("id")
    assert _state(second) == ("SKIPPED", 0, "bounced_before")
    assert _timeline(second) == ["skipped bounced_before"]


def test_security_is_sent_to_an_address_that_bounced(mails, maria):
    suppressions.suppress(channel=EMAIL, address=maria.email, reason=SuppressionReason.HARD)
    delivery = _tell(maria, category=Category.SECURITY, kind="password_changed")
    drain()
    assert _state(delivery)[0] == "SENT"


def test_what_a_wish_holds_back_waits_with_its_reason_and_no_job(mails, maria):
    ChannelPreferenceFactory(user_id=maria.id, category="case", channel=EMAIL, choice=Choice.DIGEST)
    delivery = _tell(maria)
    drain()
    assert _state(delivery) == ("HELD", 0, "digest")
    assert delivery.not_before > clock.now()
    assert _timeline(delivery) == ["held digest"]
    assert not Job.objects.exclude(state="DONE").exists()
    assert mails.asked == 0


def test_a_report_that_is_quicker_than_our_own_record_keeps_its_word(texts):
    delivery = _tell(channel=SMS)

    def report(outward):
        provider_said(
            provider="fake",
            provider_id="",
            what=Happening.DELIVERED,
            source_key="early",
            delivery_id=outward.delivery_id,
        )

    texts.before = report
    drain()
    assert _state(delivery) == ("DELIVERED", 1, "")
    assert delivery.provider_id == "fake-1"
    assert delivery.sent_at is not None


def test_a_report_that_it_left_ends_the_doubt_and_no_second_copy_is_sent(mails):
    mails.answers = [Unanswered()]
    delivery = _tell()
    drain()
    assert _state(delivery)[0] == "UNCERTAIN"
    provider_said(provider="fake", provider_id="", what=Happening.SENT, source_key="late", delivery_id=delivery.id)
    hurry()
    drain()
    assert _state(delivery)[0] == "SENT"
    assert len(mails.taken) == 1


def test_two_messages_under_one_name_of_the_provider_are_both_sent(mails):
    deliveries = [_tell() for _ in range(2)]
    with mock.patch.object(Provider, "send", return_value=Accepted(provider_id="the-same")):
        drain()
    assert {_state(one)[0] for one in deliveries} == {"SENT"}


def test_a_channel_that_is_off_delays_and_says_so(maria):
    off = mock.Mock()
    off.provider.return_value = ""
    off.session.side_effect = Delayed("channel_off")
    delivery = _tell(maria)
    with mock.patch.object(windows, "channel", return_value=off):
        drain()
    assert _state(delivery) == ("QUEUED", 1, "channel_off")


def test_a_campaigns_messages_have_a_cap_of_their_own(mails, settings):
    settings.MAILS_PER_DAY, settings.CAMPAIGN_MESSAGES_PER_DAY = 1, 2
    campaign = uuid4()
    many = [_tell(category=Category.ANNOUNCEMENTS, campaign_id=campaign) for _ in range(3)]
    news = _tell()
    drain()
    assert sorted(_state(one)[0] for one in many) == ["HELD", "SENT", "SENT"]
    assert _state(news)[0] == "SENT"


def test_a_window_takes_a_number_of_statements_that_does_not_grow_with_its_messages(mails):
    def spent(count):
        for _ in range(count):
            _tell()
        with CaptureQueriesContext(connections["notifications"]) as queries:
            assert run_job("notifications", Job.objects.filter(state="QUEUED").earliest("id").id)
        assert not Job.objects.exclude(state="DONE").exists()
        return len(queries)

    spent(1)
    few, many = spent(2), spent(WINDOW - 2)
    # One each for the text in force; all else is asked and written for all of a window together.
    assert many - few <= WINDOW - 4


def test_a_window_is_counted_in_one_round_trip_and_a_worker_remembers_nothing_of_it(mails):
    for _ in range(WINDOW):
        _tell()
    # As in a worker, where no request began.
    headers._spent.set(None), headers._seen.set(None)
    real = store._run
    with mock.patch.object(store, "_run", side_effect=real) as asked:
        assert run_job("notifications", Job.objects.filter(state="QUEUED").earliest("id").id)
    assert len(mails.taken) == WINDOW
    assert asked.call_count == 1
    assert headers._spent.get() is headers._seen.get() is None


def test_a_batch_is_asked_about_once_and_a_window_costs_one_transaction(mails):
    def spent(count):
        for _ in range(count):
            _tell()
        with CaptureQueriesContext(connections["notifications"]) as queries:
            assert run_job("notifications", Job.objects.filter(state="QUEUED").earliest("id").id)
        assert not Job.objects.exclude(state="DONE").exists()
        return len([one for one in queries.captured_queries if "text" not in one["sql"][:80]])

    spent(1)
    one, three = spent(WINDOW), spent(3 * WINDOW)
    texts = 2 * WINDOW
    # What is answered of a window and what begins in the next: two ends of a savepoint, three statements.
    assert three - one <= texts + 2 * 5


def test_what_was_found_in_doubt_is_not_sent_with_its_batch_when_facts_are_asked_anew(mails, monkeypatch):
    monkeypatch.setattr(windows, "FRESH_SECONDS", -1.0)
    deliveries = [_tell() for _ in range(WINDOW + 5)]
    Delivery.objects.filter(id=deliveries[-1].id).update(state="SENDING", sending_at=clock.now(), tries=1)
    assert run_job("notifications", Job.objects.filter(state="QUEUED").earliest("id").id)
    assert len(mails.taken) == WINDOW + 4
    assert _state(deliveries[-1]) == ("UNCERTAIN", 1, "worker_lost")


def test_two_jobs_of_one_message_send_it_once(mails):
    delivery = _tell()
    with transaction.atomic(using="notifications"):
        queue_delivery(delivery)
    drain()
    hurry()
    drain()
    assert len(mails.taken) == 1
    assert _state(delivery)[0] == "SENT"


def test_every_line_of_a_timeline_is_one_that_is_known():
    assert {field for field in Happening if len(field) > 20} == set()
    assert DeliveryEvent._meta.get_field("what").max_length == 20


@pytest.fixture
def reminder(smtp) -> Iterator[None]:
    """A template in force, in its version 2 by now."""
    texts = {
        "email": {"en": Words(subject="Your date", text="See you in {{days}} days: {{page}}\n\nThe team")},
        "sms": {"en": Words(subject="", text="In {{days}} days: {{page}}")},
    }
    one = Template(
        code="visit", version=2, category="reminders", variables={"days": "count", "page": "link"}, texts=texts
    )
    with mock.patch.object(
        versions, "template_version", side_effect=lambda code, version, drafts: {2: one}.get(version)
    ):
        yield


def test_a_template_is_sent_as_it_was_written_under_its_version_with_its_link_in_the_frame(smtp, maria, reminder):
    create_notice(
        user_id=maria.id,
        category=Category.REMINDERS,
        template="visit",
        template_version=2,
        values={"days": 3, "page": "/account/"},
        event_key="k",
    )
    drain()
    (message,) = smtp.to(maria.email)
    text, _ = parts(message)
    assert message["Subject"] == "Your date"
    assert text.startswith("See you in 3 days:")
    assert link_in(message).endswith("/account/")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.text_code, delivery.text_version) == ("SENT", "visit", 2)


@pytest.mark.parametrize("category", [Category.REMINDERS, Category.LEGAL])
def test_no_mail_says_that_what_is_owed_by_law_can_be_switched_off(smtp, maria, reminder, category):
    values = {"days": 3, "page": "/account/"}
    create_notice(
        user_id=maria.id, category=category, template="visit", template_version=2, values=values, event_key="k"
    )
    drain()
    (message,) = smtp.to(maria.email)
    assert all("except what we must tell you" in one for one in parts(message))


def test_a_template_that_is_gone_is_never_sent_in_other_words(smtp, maria, reminder):
    create_notice(user_id=maria.id, category=Category.REMINDERS, template="visit", template_version=9, event_key="k")
    for _ in range(3):
        drain()
        hurry()
    assert smtp.taken == []
    assert _state(Delivery.objects.get()) == ("FAILED", 0, "job_dead")
