"""Nobody's mailbox is flooded through us, and owners still hear of what concerns their security."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from identity import services as identity
from identity.models import EmailChange
from notifications import services
from notifications.models import Delivery, Job
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account, principal_for

pytestmark = pytest.mark.django_db


def _tell(account, kind, times=1):
    for _ in range(times):
        services.notify(user_id=account.id, kind=kind, event_key=str(uuid4()))
    drain()


def _states(account):
    rows = Delivery.objects.filter(notice__user_id=account.id).order_by("created_at")
    return [(row.state, row.reason) for row in rows]


def test_a_thousand_requests_from_a_hundred_addresses_send_three_mails(smtp, maria):
    api = ApiClient()
    for number in range(1000):
        headers = {"X-Forwarded-For": f"10.0.{number % 100}.7, 203.0.113.{number % 100 + 1}"}
        assert api.post("/auth/forgot-password", {"email": maria.email}, headers=headers).status_code == 202
    drain()
    assert len(smtp.to(maria.email)) == 3


def test_links_of_several_kinds_are_counted_together(smtp, maria):
    for kind in ("reset_password", "verify_email", "registration_repeated", "reset_password", "verify_email"):
        _tell(maria, kind)
    assert len(smtp.to(maria.email)) == 3
    assert _states(maria)[3:] == [("SKIPPED", "recipient_limit")] * 2


def test_another_address_is_not_touched_by_it(smtp, maria):
    _tell(maria, "reset_password", 5)
    other = make_account()
    _tell(other, "reset_password")
    assert len(smtp.to(other.email)) == 1


def test_notices_of_ones_own_security_arrive_beside_links_that_strangers_asked_for(smtp, maria):
    _tell(maria, "reset_password", 5)
    _tell(maria, "password_changed")
    assert len(smtp.to(maria.email)) == 4


def test_the_days_cap_holds_the_next_mail_for_a_day_but_not_security_notices(smtp, maria, settings):
    settings.MAILS_PER_DAY = 5
    people = [make_account() for _ in range(7)]
    for person in people:
        _tell(person, "report_ready")
    assert sum(len(smtp.to(person.email)) for person in people) == 5
    assert _states(people[6]) == [("HELD", "day_limit")]
    held = Delivery.objects.get(user_id=people[6].id)
    assert timedelta(hours=23) < held.not_before - clock.now() <= timedelta(hours=24)
    assert not Job.objects.filter(subject_id=held.id).exclude(state="DONE").exists()
    _tell(maria, "password_changed")
    assert len(smtp.to(maria.email)) == 1


def test_mails_wait_while_nobody_can_count(smtp, maria, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    _tell(maria, "reset_password")
    assert _states(maria) == [("QUEUED", "limits_unavailable")]
    assert not smtp.to(maria.email)


def test_a_change_of_address_tells_the_old_one_and_asks_the_new_one(smtp, maria):
    account = identity.get_account(user_id=maria.id)
    identity.request_email_change(principal=principal_for(account), email="new@example.org")
    drain()
    (link,) = smtp.to("new@example.org")
    (notice,) = smtp.to(maria.email)
    assert "/confirm-email#token=" in link.get_body(("plain",)).get_content()
    assert "#token" not in notice.get_body(("plain",)).get_content()
    token = link.get_body(("plain",)).get_content().split("#token=")[1].split()[0]
    identity.confirm_email_change(token=token, password=PASSWORD)
    drain()
    assert len(smtp.to(maria.email)) == 2
    assert EmailChange.objects.get().confirmed_at is not None


def test_a_forged_host_header_never_reaches_a_mail(smtp, maria, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://opinion.example", ["*"]
    for number in range(3):
        headers = {"Host": f"evil{number}.example", "X-Forwarded-Host": "evil.example"}
        assert ApiClient().post("/auth/forgot-password", {"email": maria.email}, headers=headers).status_code == 202
    drain()
    mails = [message.as_string() for message in smtp.to(maria.email)]
    assert len(mails) == 3
    assert all("https://opinion.example/reset-password#token=" in mail and "evil" not in mail for mail in mails)
