"""The staff's first page in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SCREENSHOTS, WIDE, Offered
from tests.browser.steps import violations
from tests.factories import PASSWORD, TOTP_SECRET, make_account
from tests.journey.people import totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_coordinator_sees_what_waits_and_opens_it(page: Page, offered: Offered) -> None:
    from identity import services as identity

    account = make_account("coordinator")
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of the authenticator").fill(totp(TOTP_SECRET))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the literals
        for size, label in ((NARROW, "390"), (WIDE, "1280")):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict works
            page.screenshot(path=SCREENSHOTS / f"10-staff-{label}.png", full_page=True)
            ours = [one for one in violations(page) if ".sop-" in one]
            assert not ours, ours
    page.get_by_role("link", name="Cases to match").click()
    expect(page.get_by_role("link", name="SO-").first).to_be_visible()
