"""How one is told, and the page of the link that ends mails: by keyboard, in both widths, without scripts, axe 0."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from identity import services as identity
from notifications import services
from tests.browser.conftest import PATIENCE
from tests.browser.steps import look
from tests.factories import PASSWORD, TOTP_SECRET, make_account
from tests.factories.notifications import DeliveryEventFactory, DeliveryFactory, NoticeFactory
from tests.journey.people import totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patient(transactional_db: Any) -> identity.AccountDTO:
    """With a second factor, and news that were held, sent and not sent."""
    identity.forget_keys()
    account = make_account("patient")
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    for number, (what, reason, state) in enumerate(
        (("held", "quiet_hours", "HELD"), ("sent", "", "SENT"), ("skipped", "not_wanted", "SKIPPED")), start=1
    ):
        notice = NoticeFactory(user_id=account.id, sequence=number, kind="message_received")
        row = DeliveryFactory(notice=notice, user_id=account.id, state=state, reason=reason)
        DeliveryEventFactory(delivery=row, what=what, reason=reason)
    return account


def sign_in(page: Page, account: identity.AccountDTO) -> None:
    page.goto("/account/notifications")
    page.fill("#email", account.email)
    page.fill("#password", PASSWORD)
    page.fill("#code", totp(TOTP_SECRET))
    page.keyboard.press("Enter")
    page.wait_for_selector("form[action='/account/news/sign-out']")


def test_a_patient_chooses_by_the_keyboard_and_reads_why(page: Page, patient: identity.AccountDTO) -> None:
    sign_in(page, patient)
    page.goto("/account/notifications")
    box = page.get_by_role("group", name="Your cases").get_by_label("E-mail")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_value("digest")
    page.get_by_label("Your time zone").select_option("Europe/Berlin")
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_label("Quiet until").focus()
    page.keyboard.type("0700AM")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_role("group", name="Your cases").get_by_label("E-mail")).to_have_value("digest")
    assert services.get_preferences(user_id=patient.id).quiet_hours == {"from": "22:00", "to": "07:00"}
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not sent: you switched it off.")).to_be_visible()
    look(page, "notifications")
    page.get_by_label("Quiet until").fill("22:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    look(page, "notifications-refused")


def test_a_link_of_a_mail_ends_its_kind_without_any_script(
    chromium: Browser, live_server: Any, patient: identity.AccountDTO
) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="de-DE")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(urlsplit(services.unsubscribe_url(user_id=patient.id, category="messages")).path)
    page.get_by_role("button", name="Keine mehr davon").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("E-Mails dieser Art sind beendet.")
    assert services.get_preferences(user_id=patient.id).choices["messages"]["email"] == "off"
    page.get_by_role("button", name="Zurücknehmen").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("kommen wieder wie zuvor")
    assert services.get_preferences(user_id=patient.id).choices["messages"]["email"] == "now"
    context.close()


def test_the_page_of_that_link_is_fit_for_everybody(page: Page, patient: identity.AccountDTO) -> None:
    page.goto(urlsplit(services.unsubscribe_url(user_id=patient.id, category="case")).path)
    look(page, "unsubscribe")
    page.get_by_role("button", name="No more of them").click()
    expect(page.get_by_role("status")).to_be_visible()
    look(page, "unsubscribed")
