"""News that are opened are read, and those that ask for what was done say so; devices and reasons on the pages."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.test import Client

from identity import services as identity
from notifications import services
from notifications.models import Device, Notice
from notifications.services.inbox import OFFER
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_person, principal_for, totp_code
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
NEWS = "/account/news"


def entered(account: identity.AccountDTO, language: str = "en") -> Client:
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client(headers={"accept-language": language})
    given = {"email": account.email, "password": PASSWORD, "code": totp_code()}
    assert client.post(f"{NEWS}/sign-in", given).status_code == 302
    return client


@pytest.fixture
def maria() -> identity.AccountDTO:
    account = make_account("patient")
    for kind in ("case_received", "report_ready"):
        services.notify(user_id=account.id, kind=kind, event_key=kind)
    return account


def _read(notice_id: Any) -> bool:
    return Notice.objects.get(id=notice_id).read_at is not None


def test_what_is_opened_is_read_and_nothing_else(maria: identity.AccountDTO) -> None:
    first, second = Notice.objects.order_by("sequence").values_list("id", flat=True)
    client = entered(maria)
    assert f'action="{NEWS}/{first}"' in client.get(NEWS).content.decode()
    answer = client.post(f"{NEWS}/{first}")
    assert (answer.status_code, answer["Location"]) == (302, NEWS)
    assert (_read(first), _read(second)) == (True, False)
    assert f'action="{NEWS}/{first}"' not in client.get(NEWS).content.decode()


def test_it_opens_where_it_is_about(settings: Any) -> None:
    desk = signed_in("administrator")
    user_id = desk.session["_auth_user_id"]
    services.notify(user_id=user_id, kind="webhook_off", event_key="x")
    notice = Notice.objects.get(user_id=user_id)
    assert f'href="{NEWS}/{notice.id}"' in desk.get(NEWS).content.decode()
    answer = desk.get(f"{NEWS}/{notice.id}")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/notifications/webhook/")
    assert _read(notice.id)


def test_nobody_opens_another_s(maria: identity.AccountDTO) -> None:
    notice = Notice.objects.order_by("sequence").first()
    assert notice is not None
    other = entered(make_account("patient"))
    for address in (f"{NEWS}/{notice.id}", f"{NEWS}/{uuid4()}"):
        assert other.get(address)["Location"] == NEWS
    assert Client().get(f"{NEWS}/{notice.id}").status_code == 200
    assert Client().post(f"{NEWS}/{notice.id}").status_code == 401
    assert not _read(notice.id)


def test_an_offer_that_was_answered_asks_for_nothing_any_more() -> None:
    specialist = make_person("professional")
    waiting, answered = uuid4(), uuid4()
    for case_id in (waiting, answered):
        services.notify(user_id=specialist.require_user_id(), kind=OFFER, subject_id=case_id, event_key=str(case_id))
    item = mock.Mock(kind="offer", case_id=waiting)
    with mock.patch("notifications.services.inbox.casefile.worklist", return_value=(item,)):
        page = services.inbox(principal=specialist, language="en")
    assert {one.notice["subject_id"]: one.over for one in page.items} == {waiting: False, answered: True}


def test_a_patient_without_a_second_factor_is_told_another_way(settings: Any) -> None:
    settings.SUPPORT_CONTACT = "+49 30 1234567"
    for language, words in (("en", "No authenticator app?"), ("de", "Keine Authenticator-App?"), ("es", "¿Sin aplic")):
        page = Client(headers={"accept-language": language}).get(NEWS).content.decode()
        assert words in page
        assert "+49 30 1234567" in page


@pytest.mark.parametrize(("language", "words"), [("en", "Quiet until"), ("de", "Ruhe bis"), ("es", "")])
def test_the_field_that_is_wrong_is_named(maria: identity.AccountDTO, language: str, words: str) -> None:
    client = entered(maria, language)
    form = {"version": "0", "time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "", "digest_at": "08:00"}
    answer = client.post("/account/notifications", form)
    told = re.search(r'role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert answer.status_code == 422
    assert told is not None
    assert "PUT /api" not in told[1]
    assert re.search(rf"<strong>[^<]*{words}[^<]*</strong>: ", told[1])


def test_devices_stand_on_the_page_and_are_removed_there(maria: identity.AccountDTO, settings: Any) -> None:
    settings.FCM_CREDENTIALS = "{}"
    services.register_device(principal=principal_for(maria), kind="fcm", token="secretToken")
    device = Device.objects.get()
    client, other = entered(maria), entered(make_account("patient"))
    page = client.get("/account/notifications").content.decode()
    assert (f"/account/notifications/devices/{device.id}/remove" in page, "secretToken" in page) == (True, False)
    assert other.post(f"/account/notifications/devices/{device.id}/remove").status_code == 302
    assert Device.objects.exists()
    assert client.post(f"/account/notifications/devices/{device.id}/remove").status_code == 302
    assert not Device.objects.exists()


def test_the_page_that_ends_mails_says_which_and_where_one_chooses(maria: identity.AccountDTO) -> None:
    page = Client(headers={"accept-language": "de"})
    path = services.unsubscribe_url(user_id=maria.id, category="reminders").partition("/unsubscribe/")[2]
    told = page.get(f"/unsubscribe/{path}").content.decode()
    assert "Erinnerungen" in told
    assert 'href="/account/notifications"' in told
    # Of a link that is none of ours nothing is named, and who it is of is never looked up.
    assert "Erinnerungen" not in page.get("/unsubscribe/AAAA").content.decode()
