"""A campaign from the draft to the report, as two people of the staff take it there on the admin's pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from config.kernel import clock
from notifications.models import Campaign, Delivery
from notifications.services.campaigns.health import watch_campaign
from notifications.services.campaigns.recipients import gather_page
from notifications.services.campaigns.turns import give_turns
from tests.browser.steps import look
from tests.browser.test_staff_desks import sign_in
from tests.factories import make_account
from tests.notifications.templates_in_force import publish_template

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_campaign_goes_from_the_draft_to_the_report(page: Page) -> None:
    publish_template()
    for language in ("en", "de", "de"):
        make_account("patient", country="IS", locale=language)
    sign_in(page, "administrator")
    page.goto("/admin/notifications/campaign/plan/")
    page.get_by_label("Name").fill("Autumn news")
    page.get_by_label("Template").select_option("autumn_news")
    page.get_by_label("Values").fill("count: 3")
    page.get_by_label("Countries").fill("IS")
    page.get_by_label("Begins at").fill("tomorrow")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("Write it like 2026-12-01T09:00")).to_be_visible()
    look(page, "campaign-plan")
    page.get_by_label("Begins at").fill(f"{clock.now() + timedelta(days=2):%Y-%m-%dT09:00}")
    page.get_by_role("button", name="Keep as a draft").click()
    page.wait_for_url("**/desk/")
    expect(page.get_by_text("3 people")).to_be_visible()
    expect(page.get_by_text("There are 3 new pages to read. Sign in")).to_be_visible()
    look(page, "campaign-draft")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.locator("#content").get_by_role("heading", name="Autumn news · Submitted")).to_be_visible()
    assert page.get_by_role("button", name="Approve").count() == 0, "nobody approves what they wrote"

    address = page.url
    page.context.clear_cookies()
    sign_in(page, "medical_director")
    page.goto(address)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("fewer than 20")).to_be_visible()
    assert "small_audience" not in page.content().replace('name="small_audience"', "").replace("id_small_audience", "")
    look(page, "campaign-approval")
    page.get_by_label("Fewer than twenty people are meant").check()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Cancel for good").click()
    expect(page.locator("#content").get_by_role("heading", name="Autumn news · Scheduled")).to_be_visible()
    page.get_by_role("button", name="Start now").click()
    expect(page.locator("#content").get_by_role("heading", name="Autumn news · Running")).to_be_visible()

    campaign = Campaign.objects.get()
    gather_page(campaign.id)
    assert give_turns(campaign.id)
    Delivery.objects.filter(campaign_id=campaign.id).update(state="SENT", sent_at=clock.now())
    watch_campaign(campaign.id)
    page.reload()
    expect(page.locator("#content").get_by_role("heading", name="Autumn news · Finished")).to_be_visible()
    expect(page.get_by_role("region", name="By state").get_by_role("row", name="Sent 3")).to_be_visible()
    look(page, "campaign-report")
