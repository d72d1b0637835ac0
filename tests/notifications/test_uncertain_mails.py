"""A mail whose answer never comes: once more under the same Message-ID, never five times, and never called failed."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections

from cases.models import RecordRequest
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.jobs.execution import run_job
from notifications import services
from notifications.adapters.email import smtp as dialogue
from notifications.adapters.email.channel import SmtpSession
from notifications.adapters.protocol import EMAIL, Accepted
from notifications.models import Delivery, Job, OutboxEntry
from notifications.services.campaigns.health import watch_campaign
from notifications.services.campaigns.turns import give_turns
from notifications.services.records_mail import RECORDS_KIND
from notifications.services.sending import windows
from notifications.services.sending.jobs import delivery_failed
from notifications.services.sending.queue import JOB_OF
from notifications.services.sending.windows import BATCH, WINDOW
from tests.factories import make_account
from tests.factories.notifications import CampaignFactory, CampaignRecipientFactory
from tests.notifications.support import MailServer, hurry
from tests.notifications.templates_in_force import VALUES, publish_template
from tests.notifications.test_records_mail import TO
from tests.notifications.test_records_mail import request_id as request_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "ANSWER_SECONDS", 0.2)


@pytest.fixture
def mute(smtp: MailServer) -> MailServer:
    """A mail server that takes what it is sent and, for the next ``silences`` mails, says nothing."""
    smtp.silences = 99
    return smtp


def _tell(account, kind="report_ready"):
    services.notify(user_id=account.id, kind=kind, event_key=str(uuid4()))
    return Delivery.objects.get(notice__user_id=account.id, notice__kind=kind)


def _state(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.tries, delivery.reason


def _rounds(times: int) -> None:
    for _ in range(times):
        drain()
        hurry()


@pytest.mark.parametrize("kind", ["report_ready", "password_changed"])
def test_a_mail_that_is_never_answered_is_sent_twice_at_most_and_stays_uncertain(mute, maria, kind):
    delivery = _tell(maria, kind)
    _rounds(8)
    assert len(mute.taken) == 2
    assert {message["Message-ID"] for message in mute.taken} == {f"<{delivery.id}@127.0.0.1>"}
    assert _state(delivery) == ("UNCERTAIN", 2, "no_answer")
    assert not OutboxEntry.objects.exists(), "nobody is told that it failed"
    assert not Job.objects.exclude(state="DONE").exists()


def test_news_waits_half_an_hour_before_its_second_copy_and_security_does_not(mute, maria):
    before = clock.now()
    _tell(maria)
    drain()
    assert Job.objects.get(state="QUEUED").run_after - before >= timedelta(minutes=24)
    _tell(maria, "password_changed")
    drain()
    assert len(mute.taken) == 3


def test_a_second_copy_that_is_answered_is_sent(mute, maria):
    mute.silences = 1
    delivery = _tell(maria)
    _rounds(2)
    assert _state(delivery) == ("SENT", 2, "")
    assert len(mute.taken) == 2


def test_what_was_uncertain_and_is_refused_then_stays_uncertain(mute, maria):
    mute.silences = 1
    delivery = _tell(maria)
    drain()
    mute.answers = ["550 no"]
    hurry()
    drain()
    assert _state(delivery) == ("UNCERTAIN", 2, "smtp_550")
    assert not OutboxEntry.objects.exists()


def test_what_was_uncertain_and_is_put_off_then_stays_uncertain_while_it_waits(mute, maria):
    mute.silences = 1
    delivery = _tell(maria)
    drain()
    mute.answers = ["451 later"]
    hurry()
    drain()
    assert _state(delivery) == ("UNCERTAIN", 2, "smtp_451")
    hurry()
    drain()
    assert _state(delivery)[0] == "SENT"
    assert len(mute.taken) == 2


def test_a_loss_before_the_mail_is_whole_is_no_uncertainty(smtp, maria):
    smtp.data_answers = ["452 full"]
    delivery = _tell(maria)
    drain()
    assert _state(delivery) == ("QUEUED", 1, "smtp_452")


def test_sending_is_written_down_and_no_transaction_is_open_while_a_provider_is_asked(smtp, maria):
    delivery, seen = _tell(maria), []

    def look(outward):
        row = Delivery.objects.get(id=delivery.id)
        seen.append((row.state, row.sending_at is not None, connections["notifications"].in_atomic_block))
        return Accepted(provider_id="")

    outside = connections["notifications"].in_atomic_block
    with mock.patch.object(SmtpSession, "send", side_effect=look):
        drain()
    # The test itself is a transaction; the job opens none beside it.
    assert seen == [("SENDING", True, outside)]
    assert len(connections["notifications"].savepoint_ids) == 0


def test_a_kill_leaves_one_window_uncertain_and_no_mail_unsent(smtp):
    people = [make_account("patient") for _ in range(2 * WINDOW + 3)]
    for person in people:
        _tell(person)

    class Killed(BaseException):
        pass

    sent = []

    def die(outward):
        sent.append(outward)
        if len(sent) == WINDOW + 5:
            raise Killed
        return Accepted(provider_id="")

    with mock.patch.object(SmtpSession, "send", side_effect=die), pytest.raises(Killed):
        drain("notifications")
    states = list(Delivery.objects.values_list("state", flat=True))
    assert (states.count("SENT"), states.count("SENDING"), states.count("QUEUED")) == (WINDOW + 4, WINDOW - 4, 3)
    Job.objects.filter(state="RUNNING").update(state="QUEUED", lease_until=None, leased_by=None)
    _rounds(3)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"SENT"}
    copies = {person.email: len(smtp.to(person.email)) for person in people}
    assert max(copies.values()) == 1


def test_a_mail_whose_job_died_while_it_was_sent_is_never_called_failed(smtp, maria):
    delivery = _tell(maria)
    Delivery.objects.filter(id=delivery.id).update(state="SENDING", sending_at=clock.now(), tries=1)
    delivery_failed(delivery.id)
    # Staff queue the dead job again, and then the server refuses.
    smtp.answers = ["550 no"]
    _rounds(2)
    assert _state(delivery) == ("UNCERTAIN", 2, "smtp_550")
    assert not OutboxEntry.objects.exists()


def test_a_mail_that_left_is_not_called_failed_because_its_job_died(smtp, maria):
    delivery = _tell(maria)
    drain()
    delivery_failed(delivery.id)
    assert _state(delivery) == ("SENT", 1, "")
    assert not OutboxEntry.objects.exists()


def test_what_another_process_sends_in_the_same_moment_is_left_to_it_and_looked_at_again(smtp, maria):
    first, second = _tell(maria), _tell(make_account("patient"))
    mine = windows._letter

    def overtaken(*asked):
        letter = mine(*asked)
        Delivery.objects.filter(id=first.id, state="QUEUED").update(state="SENDING", sending_at=clock.now(), tries=1)
        return letter

    with mock.patch.object(windows, "_letter", overtaken):
        run_job("notifications", Job.objects.get(subject_id=first.id).id)
    assert [_state(one)[:2] for one in (first, second)] == [("SENDING", 1), ("SENT", 1)]
    assert len(smtp.taken) == 1
    waiting = Job.objects.get(subject_id=first.id)
    assert (waiting.state, waiting.tries) == ("QUEUED", 0)


def test_many_mails_are_one_batch_over_one_connection(smtp):
    for _ in range(30):
        _tell(make_account("patient"))
    real = dialogue.SmtpBackend.open
    with mock.patch.object(dialogue.SmtpBackend, "open", autospec=True, side_effect=real) as opened:
        drain("notifications")
    assert len(smtp.taken) == 30
    assert len({call.args[0] for call in opened.call_args_list}) == 1
    assert Job.objects.filter(kind=JOB_OF[EMAIL], state="DONE", tries=1).count() == 30
    assert BATCH >= 30


def test_a_server_that_gave_no_answer_is_asked_no_more_in_this_batch(mute):
    for _ in range(WINDOW + 5):
        _tell(make_account("patient"))
    mute.silences = 1
    run_job("notifications", Job.objects.filter(kind=JOB_OF[EMAIL]).earliest("run_after").id)
    # The window that had begun goes on over a new connection; what was not begun waits, its try not counted.
    assert len(mute.taken) == WINDOW
    assert Job.objects.filter(kind=JOB_OF[EMAIL], state="QUEUED", tries=0).count() == 5 + 1
    assert sorted(set(Delivery.objects.values_list("state", flat=True))) == ["QUEUED", "SENT", "UNCERTAIN"]


def test_a_campaigns_mail_whose_one_further_try_dies_too_is_at_its_end_and_so_is_the_campaign(smtp):
    publish_template()
    campaign = CampaignFactory(running=True, people=1, values=VALUES, per_minute=10**7)
    CampaignRecipientFactory(campaign=campaign, user_id=make_account("patient").id)
    assert give_turns(campaign.id)
    delivery = Delivery.objects.get(campaign_id=campaign.id)
    for tries in (1, 2):
        # Its worker was gone between the first byte and the last.
        Delivery.objects.filter(id=delivery.id).update(state="SENDING", sending_at=clock.now(), tries=tries)
        hurry()
        drain("notifications")
        assert _state(delivery) == ("UNCERTAIN", tries, "worker_lost")
        assert Job.objects.filter(kind=JOB_OF[EMAIL], state="QUEUED").exists() == (tries == 1)
    assert smtp.taken == []
    assert watch_campaign(campaign.id) == "finished"


def test_a_request_for_records_that_is_never_answered_is_mailed_twice_at_most(mute, request_id):
    _rounds(6)
    assert len(mute.to(TO)) == 2
    assert len({message["Message-ID"] for message in mute.to(TO)}) == 1
    assert RecordRequest.objects.get().state == "OPEN"
    assert not Job.objects.filter(kind=RECORDS_KIND).exclude(state="DONE").exists()
