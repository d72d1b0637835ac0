"""Mails over a real mail server: sent once by our records, tried again for hours, and silent about health."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import timedelta
from unittest import mock
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from config.kernel import clock
from config.kernel.due_work import drain
from identity import services as identity
from identity.models import EmailChange, User
from notifications import services
from notifications.adapters.email.mail import send_mail
from notifications.adapters.protocol import Refused
from notifications.domain.kinds import KINDS
from notifications.domain.mail_texts import MailText
from notifications.models import Delivery, Job, OutboxEntry
from notifications.services.sending.settlement import PAUSES
from tests.factories import PASSWORD, make_account, principal_for
from tests.notifications.support import hurry, link_in, one_by_one, parts
from tests.observations import verify_credentials

pytestmark = pytest.mark.django_db
# Kinds whose mail goes to the account's address.
HERE = tuple(kind for kind in KINDS.values() if not kind.to)
TEXT = MailText("news", 0, "en", "News", "There is news:\n{link}")


def _tell(account, kind="report_ready", **more):
    services.notify(user_id=account.id, kind=kind, event_key=str(uuid4()), **more)
    return Delivery.objects.get(notice__user_id=account.id, notice__kind=kind)


def _change_of(account):
    identity.request_email_change(principal=principal_for(account), email="another@example.org")
    return EmailChange.objects.get(user_id=account.id).id


def _state(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.tries, delivery.reason


def test_a_mail_is_text_and_html_with_one_link_to_the_configured_host(smtp, maria, settings):
    settings.PUBLIC_URL = "https://opinion.example/"
    delivery = _tell(maria)
    drain()
    (message,) = smtp.to(maria.email)
    assert link_in(message) == "https://opinion.example/account/news"
    assert message["Subject"] == "News about your second opinion"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{delivery.id}@opinion.example>"
    assert _state(delivery) == ("SENT", 1, "")
    assert delivery.sent_at is not None
    assert Job.objects.get().state == "DONE"


def test_a_registration_is_confirmed_by_the_link_in_its_mail(smtp):
    identity.register_patient(email="new@example.org", password=PASSWORD, full_name="Maria Keller")
    drain()
    link = urlsplit(link_in(smtp.to("new@example.org")[0]))
    assert link.path == "/verify-email"
    assert link.query == ""
    account = identity.verify_email(token=link.fragment.removeprefix("token="), password=PASSWORD)
    assert account.email_verified


def test_a_forgotten_password_is_reset_by_the_link_in_its_mail(smtp, maria):
    identity.request_password_reset(email=maria.email)
    drain()
    link = urlsplit(link_in(smtp.to(maria.email)[0]))
    assert link.path == "/reset-password"
    identity.reset_password(token=link.fragment.removeprefix("token="), password="a wholly other long phrase")
    assert verify_credentials(email=maria.email, password="a wholly other long phrase").id == maria.id


def test_the_secret_of_a_link_is_in_the_mail_alone(smtp):
    with capture_logs() as logs:
        identity.register_patient(email="secret@example.org", password=PASSWORD, full_name="Maria Keller")
        drain()
    secret = urlsplit(link_in(smtp.to("secret@example.org")[0])).fragment.removeprefix("token=")
    kept = [list(model.objects.values()) for model in (Delivery, Job, OutboxEntry)]
    assert secret not in repr(kept)
    assert secret not in repr(logs)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.email], ids=lambda kind: kind.name)
@pytest.mark.parametrize("locale", ["en", "de", "es"])
def test_every_kind_has_a_mail_in_every_language(smtp, kind, locale):
    account = make_account("patient", locale=locale)
    change = {"subject_id": _change_of(account)} if kind.to else {}
    with one_by_one():
        _tell(account, kind.name, **change)
        drain("notifications")
    (message,) = smtp.to("another@example.org" if kind.to == "new" else account.email)
    text, html = parts(message)
    assert f'lang="{locale}"' in html
    sentence = text.strip().splitlines()[0]
    # Quotes and apostrophes are written differently in HTML.
    assert re.split(r"['\"&]", sentence)[0] in html
    words = {"en": "you", "de": "Ihr", "es": "su"}
    assert words[locale].lower() in (message["Subject"] + sentence).lower()


def test_languages_differ(smtp):
    bodies = set()
    for locale in ("en", "de", "es"):
        account = make_account("patient", locale=locale)
        _tell(account)
        drain()
        bodies.add((smtp.to(account.email)[0]["Subject"], parts(smtp.to(account.email)[0])[0]))
    assert len(bodies) == 3


def test_nothing_about_health_or_the_person_is_in_any_mail(smtp):
    name, subject = "Canary Wilhelmina Ptarmigan", uuid4()
    accounts = [make_account("patient", full_name=name) for _ in HERE]
    with one_by_one():
        for account, kind in zip(accounts, HERE, strict=True):
            services.notify(user_id=account.id, kind=kind.name, event_key=str(uuid4()), subject_id=subject)
        drain()
    mails = [mail for account in accounts for mail in smtp.to(account.email)]
    assert len(mails) == sum(kind.email for kind in HERE)
    # Which kind of news it is, is health data too: only that there is news may be seen.
    told = {kind.text for kind in KINDS.values() if not kind.security}
    # Whole dates: a year alone turns up by chance in the random boundary between a mail's parts.
    born = ("1961-04-17", "17.04.1961", "17/04/1961", "04/17/1961", "April 1961")
    for mail in mails:
        everything = mail.as_string() + "".join(parts(mail))
        for canary in (*name.split(), str(subject), *(str(one.id) for one in accounts), *born, *told):
            assert canary not in everything
    news = [kind.name for kind in KINDS.values() if kind.email and not kind.security]
    # The link that ends such mails is each person's own, and what is owed by law has none.
    ending = re.compile(r"\s*No more mails of this kind:\s+\S+\s*$")
    bodies = {ending.sub("", parts(mail)[0]).rstrip() for mail in mails if mail["Subject"].startswith("News")}
    assert len(bodies) == 1
    assert len([mail for mail in mails if mail["Subject"].startswith("News")]) == len(news)


def test_an_address_that_does_not_exist_is_not_tried_again(smtp, maria):
    smtp.answers = ["550 5.1.1 no such user"]
    delivery = _tell(maria)
    drain()
    hurry()
    drain()
    assert _state(delivery) == ("FAILED", 1, "smtp_550")
    assert smtp.tried == [maria.email]
    event = OutboxEntry.objects.get()
    assert event.name == "notifications.delivery.failed.v1"
    assert event.payload["delivery_id"] == str(delivery.id)


def test_a_message_that_is_refused_for_good_is_not_tried_again(smtp, maria):
    smtp.data_answers = ["554 no"]
    delivery = _tell(maria)
    drain()
    assert _state(delivery) == ("FAILED", 1, "smtp_554")


def test_a_busy_mail_server_is_asked_again_and_the_mail_arrives_once(smtp, maria):
    smtp.answers, smtp.data_answers = ["451 later", "451 later"], ["452 full"]
    delivery = _tell(maria)
    for expected in (("QUEUED", 1, "smtp_451"), ("QUEUED", 2, "smtp_451"), ("QUEUED", 3, "smtp_452"), ("SENT", 4, "")):
        drain()
        assert _state(delivery) == expected
        hurry()
    drain()
    assert len(smtp.taken) == 1


def test_tries_lie_further_and_further_apart(smtp, maria):
    smtp.answers = ["451 later"] * len(PAUSES)
    _tell(maria)
    for pause in PAUSES:
        before = clock.now()
        drain()
        waiting = Job.objects.get(state="QUEUED").run_after - before
        assert pause * 0.75 <= waiting <= pause * 1.25 + timedelta(seconds=5)
        hurry()


def test_after_hours_of_refusal_a_mail_is_failed_and_staff_can_send_it_again(smtp, maria):
    smtp.answers = ["451 later"] * (len(PAUSES) + 1)
    delivery = _tell(maria)
    for _ in range(len(PAUSES) + 1):
        drain()
        hurry()
    assert _state(delivery) == ("FAILED", len(PAUSES) + 1, "smtp_451")
    assert not Job.objects.filter(state="QUEUED").exists()
    assert services.resend_failed(delivery_ids=[delivery.id]) == 1
    assert services.resend_failed(delivery_ids=[delivery.id]) == 0
    drain()
    assert _state(delivery) == ("SENT", 1, "")
    assert len(smtp.taken) == 1


def test_a_mail_server_that_is_away_is_asked_again(smtp, maria, settings):
    good, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    delivery = _tell(maria)
    drain()
    assert _state(delivery) == ("QUEUED", 1, "ConnectionRefusedError")
    settings.EMAIL_PORT = good
    hurry()
    drain()
    assert _state(delivery) == ("SENT", 2, "")


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "451 later"])
def test_no_address_is_in_a_log_or_a_row_when_a_mail_fails(smtp, maria, answer):
    smtp.answers = [f"{answer} {maria.email}"]
    with capture_logs() as logs:
        delivery = _tell(maria)
        drain()
    delivery.refresh_from_db()
    rows = [list(model.objects.values()) for model in (Delivery, Job, OutboxEntry)]
    assert maria.email not in repr(logs) + repr(rows)


def test_a_job_that_runs_again_after_its_mail_was_sent_sends_nothing(smtp, maria):
    delivery = _tell(maria)
    drain()
    Job.objects.update(state="QUEUED", finished_at=None)
    drain()
    assert len(smtp.taken) == 1
    assert _state(delivery) == ("SENT", 1, "")


def test_a_worker_that_dies_between_mail_and_record_repeats_the_mail_under_the_same_message_id(smtp, maria):
    delivery = _tell(maria)
    with mock.patch("notifications.services.sending.settlement._write_all", side_effect=RuntimeError("killed")):
        drain()
    assert _state(delivery) == ("SENDING", 1, "")
    hurry()
    drain()
    assert _state(delivery) == ("UNCERTAIN", 1, "worker_lost")
    hurry()
    drain()
    assert [message["Message-ID"] for message in smtp.taken] == [smtp.taken[0]["Message-ID"]] * 2
    assert _state(delivery) == ("SENT", 2, "")


def test_a_job_that_breaks_three_times_is_dead_and_its_mail_failed(smtp, maria):
    delivery = _tell(maria)
    with mock.patch("notifications.services.rendering.text_in_force", side_effect=RuntimeError):
        for _ in range(3):
            drain()
            hurry()
    assert Job.objects.get().state == "DEAD"
    assert _state(delivery) == ("FAILED", 0, "job_dead")
    assert OutboxEntry.objects.get().name == "notifications.delivery.failed.v1"


def test_a_wish_for_no_mails_counts_when_it_is_sent_not_when_it_was_queued(smtp, maria):
    delivery = _tell(maria)
    services.set_email_preference(user_id=maria.id, email=False)
    drain()
    assert _state(delivery) == ("SKIPPED", 0, "not_wanted")
    services.set_email_preference(user_id=maria.id, email=True)
    services.notify(user_id=maria.id, kind="question_asked", event_key="k")
    drain()
    assert len(smtp.taken) == 1


def test_security_mails_are_sent_whatever_is_wished(smtp, maria):
    services.set_email_preference(user_id=maria.id, email=False)
    for kind in (kind for kind in HERE if kind.security):
        _tell(maria, kind.name)
    drain()
    assert len(smtp.to(maria.email)) == sum(kind.security for kind in HERE)


def test_an_unconfirmed_address_gets_security_mails_only(smtp):
    stranger = make_account("patient", email_verified=False)
    drain()
    delivery = _tell(stranger)
    drain()
    assert _state(delivery) == ("SKIPPED", 0, "address_unconfirmed")
    assert [message["Subject"] for message in smtp.to(stranger.email)] == ["Confirm your e-mail address"]


@pytest.mark.parametrize("kind", ["report_ready", "second_factor_changed"])
def test_a_closed_account_gets_no_mail(smtp, maria, kind):
    delivery = _tell(maria, kind)
    User.objects.filter(id=maria.id).update(is_active=False)
    drain()
    assert _state(delivery) == ("SKIPPED", 0, "account_closed")
    assert smtp.taken == []


def test_an_account_that_is_gone_gets_no_mail_and_breaks_no_job(smtp):
    services.notify(user_id=uuid4(), kind="report_ready", event_key="k")
    drain()
    assert _state(Delivery.objects.get()) == ("SKIPPED", 0, "no_account")
    assert Job.objects.get().state == "DONE"


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_a_line_break_in_an_address_is_refused(smtp, address):
    with pytest.raises(Refused, match=r"^bad_header$"):
        send_mail(message_id="1", to=address, text=TEXT, link="http://x/")
    assert smtp.taken == []


def test_an_unknown_language_reads_english(smtp):
    account = make_account("patient", locale="tlh")
    _tell(account)
    drain()
    assert smtp.to(account.email)[0]["Subject"] == "News about your second opinion"


def test_thirty_percent_faults_lose_no_mail_and_double_none(smtp):
    people = [make_account("patient") for _ in range(40)]
    smtp.answers = ["451 later" if number % 10 in (0, 3, 7) else "" for number in range(60)]
    for person in people:
        _tell(person)
    for _ in range(len(PAUSES)):
        drain()
        hurry()
    assert {person.email: len(smtp.to(person.email)) for person in people} == {person.email: 1 for person in people}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"SENT"}


def test_what_is_told_about_a_delivery_holds_ids_only(smtp, maria):
    smtp.answers = ["550 no"]
    _tell(maria)
    drain()
    payload = OutboxEntry.objects.get().payload
    assert set(payload) == {"aggregate_id", "delivery_id"}
    assert maria.email not in repr(payload)
    assert not {str(value) for value in asdict(maria).values()} & ({*payload.values()} - {str(maria.id)})


@pytest.mark.parametrize(
    ("said", "suppress"),
    [("550 5.1.1 no such user", "hard"), ("550 5.7.1 not from you", ""), ("552 5.2.2 full", ""), ("550 no", "")],
)
def test_a_mailbox_that_there_is_not_is_told_from_a_server_that_does_not_want_us(smtp, maria, said, suppress):
    smtp.answers = [said]
    with pytest.raises(Refused) as caught:
        send_mail(message_id="1", to=maria.email, text=TEXT, link="http://x/")
    assert caught.value.suppress == suppress
