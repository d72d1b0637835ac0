"""A specialist makes a passkey in a real browser, signs in by it, and proves it is them by it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Offered
from tests.browser.steps import look
from tests.journey.people import totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_opens_the_dashboard(page: Page, offered: Offered, live_server, settings) -> None:
    settings.PUBLIC_URL = live_server.url
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/dashboard/sign-in")
    page.fill("#email", offered.email)
    page.fill("#password", offered.password)
    page.fill("#code", totp(offered.totp))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Your sign-in").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    look(page, "8-account")
    page.fill("#passkey-name", "Office key")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Office key", exact=True).or_(page.get_by_text("Your recovery codes"))).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_text("Office key", exact=True)).to_be_visible()
    page.goto("/dashboard/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/dashboard/sign-in"))
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    page.get_by_role("link", name="Your practice").click()
    expect(page.get_by_role("heading", name="What patients read")).to_be_visible()
    look(page, "11-practice")


def test_the_staffs_entrance_offers_a_passkey(page: Page, transactional_db) -> None:
    page.goto("/admin/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "9-admin-sign-in.png")
