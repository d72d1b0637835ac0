"""Strangers who give somebody's address use up neither the owner's registration nor the owner's mails."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import override_settings

from config.kernel import clock
from config.kernel.due_work import drain
from identity import services
from identity.models import Erasure, Job, MailRequest, User
from identity.services.accounts.accounts import MAX_WAITING
from identity.services.accounts.mail_request_rows import JOB
from tests.client import ApiClient
from tests.factories import make_account

pytestmark = pytest.mark.django_db
ADDRESS = "victim@example.org"
PLANTED, OWN = "seven hidden garden doors", "eleven quiet lighthouses"


def _register(password: str, name: str = "Max Muster") -> None:
    body = {"email": ADDRESS, "password": password, "full_name": name, "date_of_birth": "1980-02-29"}
    assert ApiClient().post("/auth/register", body).status_code == 202


def _ask(path: str) -> None:
    assert ApiClient().post(f"/auth/{path}", {"email": ADDRESS}).status_code == 202


def _links(smtp: Any, path: str) -> list[str]:
    """The secrets of the links to a page, oldest first."""
    texts = [mail.get_body(("plain",)).get_content() for mail in smtp.to(ADDRESS)]
    return [text.split(f"/{path}#token=")[1].split()[0] for text in texts if f"/{path}#token=" in text]


def _an_hour_passes() -> None:
    """The allowances begin anew, and what waits for them is due."""
    waiting = Job.objects.filter(kind=JOB, state="QUEUED")
    assert all(clock.now() < row.run_after for row in waiting)
    waiting.update(run_after=clock.now(), tries=F("tries"))
    with override_settings(LIMITS_PREFIX=f"test:{uuid4().hex}"):
        drain()


def test_an_owner_who_registers_after_twelve_strangers_confirms_by_any_link_of_the_address(smtp: Any) -> None:
    for _ in range(12):
        _register(PLANTED)
    _register(OWN, "Maria Keller")
    drain()
    assert User.objects.waiting().filter(email=ADDRESS).count() == 13
    body = {"token": _links(smtp, "verify-email")[0], "password": OWN}
    assert ApiClient().post("/auth/verify-email", body).status_code == 200
    assert (account := services.find_account(email=ADDRESS))
    assert (account.full_name, account.email_verified) == ("Maria Keller", True)


def test_registrations_use_up_no_other_links(smtp: Any) -> None:
    for _ in range(4):
        _register(PLANTED)
    drain()
    assert len(_links(smtp, "verify-email")) == 3
    _ask("resend-verification")
    _ask("forgot-password")
    drain()
    assert (len(_links(smtp, "verify-email")), len(_links(smtp, "reset-password"))) == (4, 1)


def test_registrations_of_a_confirmed_address_keep_no_reset_from_its_owner(smtp: Any) -> None:
    make_account(email=ADDRESS)
    for _ in range(4):
        _register(PLANTED)
    drain()
    _ask("forgot-password")
    drain()
    body = {"token": _links(smtp, "reset-password")[0], "password": OWN}
    assert ApiClient().post("/auth/reset-password", body).status_code == 200


@pytest.mark.parametrize(
    ("path", "target"), [("forgot-password", "reset-password"), ("resend-verification", "verify-email")]
)
def test_what_is_beyond_an_allowance_becomes_one_mail_when_it_begins_anew(smtp: Any, path: str, target: str) -> None:
    make_account(email=ADDRESS, email_verified=False, password=PLANTED)
    drain()
    before = len(_links(smtp, target))
    for _ in range(5):
        _ask(path)
    drain()
    assert len(_links(smtp, target)) == before + 3
    # At most two, where the hour by which they are told apart ends between two requests.
    assert MailRequest.objects.count() in (1, 2)
    _an_hour_passes()
    assert len(_links(smtp, target)) in (before + 4, before + 5)
    assert not MailRequest.objects.exists()


def test_the_mail_of_a_registration_beyond_the_allowance_comes_later(smtp: Any) -> None:
    for _ in range(5):
        _register(PLANTED)
    drain()
    assert len(_links(smtp, "verify-email")) == 3
    _an_hour_passes()
    assert len(_links(smtp, "verify-email")) in (4, 5)


def test_a_request_that_comes_too_early_again_waits_on(smtp: Any) -> None:
    make_account(email=ADDRESS)
    for _ in range(4):
        _ask("forgot-password")
    drain()
    Job.objects.filter(kind=JOB, state="QUEUED").update(run_after=clock.now())
    drain()
    assert len(_links(smtp, "reset-password")) == 3
    row = Job.objects.get(kind=JOB, state="QUEUED")
    assert row.run_after > clock.now()
    assert row.tries == 0
    assert MailRequest.objects.get().id == row.subject_id


def test_requests_for_an_unknown_address_wait_like_those_for_a_known_one() -> None:
    for _ in range(5):
        _ask("forgot-password")
    drain()
    assert MailRequest.objects.count() in (1, 2)
    _an_hour_passes()
    assert not MailRequest.objects.exists()


def test_a_registration_is_kept_while_nobody_can_count() -> None:
    _register(OWN)
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        drain("identity")
    assert Job.objects.get(kind=JOB).state == "QUEUED"
    assert MailRequest.objects.exists()


def test_of_the_registrations_that_wait_the_newest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_WAITING == 50
    monkeypatch.setattr("identity.services.accounts.accounts.MAX_WAITING", 2)
    planted = [make_account(email=ADDRESS, email_verified=False, password=PLANTED).id for _ in range(3)]
    owner = make_account(email=ADDRESS, email_verified=False, password=OWN)
    assert list(User.objects.waiting().filter(email=ADDRESS).values_list("id", flat=True)) == [owner.id, planted[2]]
    assert set(Erasure.objects.values_list("user_id", flat=True)) == set(planted[:2])
