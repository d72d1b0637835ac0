"""The pages of preferences, without scripts: in the account's frame, and in the dashboard's for specialists."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from identity import services as identity
from notifications import services
from notifications.models import ChannelPreference
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code
from tests.factories.notifications import DeliveryFactory, NoticeFactory

pytestmark = pytest.mark.django_db
STAFF, SPECIALIST = (
    ("nurse", "/admin/login/", "/account/notifications"),
    (
        "professional",
        "/dashboard/sign-in",
        "/dashboard/notifications",
    ),
)
BOTH = pytest.mark.parametrize(("role", "entrance", "address"), [STAFF, SPECIALIST])


def signed_in(role: str, entrance: str, **headers: str) -> tuple[Client, identity.AccountDTO]:
    account = make_account(role)
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client(headers=headers)
    answer = client.post(entrance, {"email": account.email, "password": PASSWORD, "code": totp_code()})
    assert answer.status_code == 302, answer.content
    return client, account


def form_of(page: str) -> dict[str, str]:
    """What the form of preferences would send, untouched."""
    (form,) = re.findall(r'<form method="post" class="card stack".*?</form>', page, re.S)
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form, re.S):
        chosen = re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        first = re.findall(r'<option value="([^"]*)"', options)[0]
        fields[name] = (chosen[0][0] or chosen[0][1]) if chosen else first
    del fields["csrfmiddlewaretoken"]
    return fields


@BOTH
def test_what_is_chosen_on_the_page_holds(role: str, entrance: str, address: str) -> None:
    client, account = signed_in(role, entrance)
    form = form_of(client.get(address).content.decode())
    form |= {"choice:case:email": "digest", "time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"}
    answer = client.post(address, form)
    assert (answer.status_code, answer["Location"]) == (302, address)
    held = services.get_preferences(user_id=account.id)
    assert (held.choices["case"]["email"], held.time_zone) == ("digest", "Europe/Berlin")
    assert held.quiet_hours == {"from": "22:00", "to": "07:00"}
    assert ChannelPreference.objects.count() == 1
    page = client.get(address).content.decode()
    assert "Saved." in page
    assert form_of(page) == form | {"version": "1"}


@BOTH
def test_what_cannot_be_is_said_and_what_was_typed_stays(role: str, entrance: str, address: str) -> None:
    client, account = signed_in(role, entrance)
    form = form_of(client.get(address).content.decode())
    zone = {"time_zone": "Europe/Madrid"}
    answer = client.post(address, form | zone | {"quiet_from": "22:00", "choice:case:email": "off"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert (form_of(page)["quiet_from"], form_of(page)["choice:case:email"]) == ("22:00", "off")
    held = services.get_preferences(user_id=account.id)
    assert (held.choices["case"]["email"], held.time_zone) == ("now", None)


def test_a_zone_by_an_old_name_stays_when_the_page_is_saved() -> None:
    client, account = signed_in(*STAFF[:2])
    identity.update_profile(user_id=account.id, changes={"time_zone": "CET"})
    client.post(STAFF[2], form_of(client.get(STAFF[2]).content.decode()) | {"digest_at": "09:00"})
    held = services.get_preferences(user_id=account.id)
    assert (held.time_zone, held.digest_at) == ("CET", "09:00")


def test_a_page_that_was_open_in_another_window_overwrites_nothing() -> None:
    client, account = signed_in(*STAFF[:2])
    form = form_of(client.get(STAFF[2]).content.decode())
    services.set_email_preference(user_id=account.id, email=False)
    answer = client.post(STAFF[2], form | {"digest_at": "09:00"})
    assert answer.status_code == 412
    assert services.get_preferences(user_id=account.id).digest_at == "08:00"


@BOTH
def test_what_was_sent_stands_there_with_its_reasons(role: str, entrance: str, address: str) -> None:
    client, account = signed_in(role, entrance)
    for number in range(12):
        notice = NoticeFactory(user_id=account.id, sequence=number + 1)
        DeliveryFactory(notice=notice, user_id=account.id, state="SKIPPED", reason="not_wanted")
    NoticeFactory(sequence=1)
    first = client.get(address).content.decode()
    assert (first.count('class="sent"'), first.count("Not sent: you switched it off.")) == (10, 10)
    (older,) = re.findall(r'href="(\?before=\d+)#sent"', first)
    assert client.get(address + older).content.decode().count('class="sent"') == 2


@pytest.mark.parametrize(("language", "words"), [("en", "At once"), ("de", "Sofort"), ("es", "Al momento")])
def test_the_page_speaks_the_readers_language(language: str, words: str) -> None:
    client, account = signed_in(*STAFF[:2], **{"accept-language": language})
    DeliveryFactory(notice=NoticeFactory(user_id=account.id), user_id=account.id, state="SENT")
    page = client.get(STAFF[2]).content.decode()
    assert words in page
    assert {"en": "Sent.", "de": "Gesendet.", "es": "Enviado."}[language] in page


def test_offers_of_cases_are_for_specialists() -> None:
    pages = [
        signed_in(role, entrance)[0].get(address).content.decode() for role, entrance, address in (STAFF, SPECIALIST)
    ]
    assert ["choice:offers:email" in page for page in pages] == [False, True]


def test_who_is_not_signed_in_is_shown_the_doors() -> None:
    for method in ("get", "post"):
        answer: Any = getattr(Client(), method)("/account/notifications")
        assert (answer.status_code, answer["Location"]) == (302, "/account/news")
    assert Client().get("/dashboard/notifications")["Location"].startswith("/dashboard/sign-in")
