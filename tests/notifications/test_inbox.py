"""The list of what somebody was told: category, text in the page's language, a way on; and the door before it."""

from __future__ import annotations

import pytest
from django.test import Client

from identity import services as identity
from notifications import services
from notifications.domain.notice_texts import notice_text
from tests.factories import PASSWORD, TOTP_SECRET, make_account, principal_for, totp_code
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
PAGE = "/account/news"


@pytest.fixture
def patient() -> identity.AccountDTO:
    account = make_account("patient", locale="de")
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    for kind in ("case_received", "report_ready", "password_changed"):
        services.notify(user_id=account.id, kind=kind, event_key=kind)
    return account


def enter(account: identity.AccountDTO, **changes: str) -> tuple[Client, int]:
    client = Client(headers={"accept-language": "de"})
    given = {"email": account.email, "password": PASSWORD, "code": totp_code()} | changes
    return client, client.post(f"{PAGE}/sign-in", given).status_code


def test_who_has_not_signed_in_hears_that_something_waits_and_never_what(patient) -> None:
    page = Client(headers={"accept-language": "de"}).get(PAGE)
    assert page.status_code == 200
    told = page.content.decode()
    assert "Etwas wartet auf Sie" in told
    assert notice_text("report_ready", "de") not in told
    assert Client().post(PAGE).status_code == 401


def test_a_patient_with_a_second_factor_reads_what_waits_and_marks_it_read(patient) -> None:
    client, status = enter(patient)
    assert status == 302
    told = client.get(PAGE).content.decode()
    for words in (notice_text("report_ready", "de"), "Sicherheit", "Fall", "neu"):
        assert words in told
    services.mark_read(
        principal=principal_for(patient), notice_id=services.list_notices(user_id=patient.id, limit=1)[0][0]["id"]
    )
    unread = client.get(f"{PAGE}?unread=true").content.decode()
    assert notice_text("password_changed", "de") not in unread
    assert notice_text("report_ready", "de") in unread
    client.post(PAGE)
    assert services.unread_count(user_id=patient.id) == 0
    client.post(f"{PAGE}/sign-out")
    assert "Etwas wartet auf Sie" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("wrong", [{"password": "not it at all"}, {"code": "000000"}, {"code": ""}])
def test_whatever_is_wrong_the_answer_is_the_same(patient, wrong: dict[str, str]) -> None:
    assert enter(patient, **wrong)[1] == 401


def test_staff_and_specialists_have_their_own_doors(patient) -> None:
    account = make_account("coordinator")
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    assert enter(account)[1] == 401
    assert signed_in("coordinator").get(PAGE).status_code == 200


@pytest.mark.parametrize("after", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_strange_address_shows_a_page(patient, after: str) -> None:
    client, _ = enter(patient)
    assert client.get(f"{PAGE}?after={after}").status_code == 200
