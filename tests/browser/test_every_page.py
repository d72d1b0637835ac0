"""Every page of the dashboard: in both widths and themes no violation of WCAG 2.2 AA, nothing wider than the window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.services import opinion
from config.kernel.due_work import drain
from identity import services as identity
from professionals.dashboard.urls import urlpatterns
from tests.browser.conftest import NARROW, WIDE
from tests.browser.steps import look
from tests.browser.test_images import _sign_in as sign_in
from tests.cases.followup.test_followup import ask, read_by_the_patient
from tests.cases.support import OPINION, Story, by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What is shown here, by the route that shows it; the rest answers data, pictures or a form, or is looked at elsewhere.
PAGES = {
    "worklist": "",
    "practice": "practice",
    "statistics": "practice/statistics",
    "workspace": "cases/<uuid:case_id>",
    "versions": "cases/<uuid:case_id>/versions",
    "timeline": "cases/<uuid:case_id>/timeline",
    "preview": "cases/<uuid:case_id>/preview",
    "messages": "cases/<uuid:case_id>/messages",
    "news": "news",
    "notifications": "notifications",
}
ELSEWHERE = {
    "sign-in": "test_specialist.py",
    "offers/<uuid:case_id>": "test_specialist.py",
    "reviews/<uuid:case_id>": "test_staff.py",
}
NO_PAGE = {
    "sign-out",
    "views",
    "views/<uuid:view_id>",
    "ticket",
    "notices.json",
    "practice/profile",
    "practice/availability",
    "practice/news",
    "practice/statistics/propose",
    "practice/statistics/withdraw",
    "cases/<uuid:case_id>/first-read",
    "cases/<uuid:case_id>/find",
    "cases/<uuid:case_id>/ask",
    "cases/<uuid:case_id>/draft",
    "cases/<uuid:case_id>/finish",
    "cases/<uuid:case_id>/sign",
    "cases/<uuid:case_id>/images.json",
    "cases/<uuid:case_id>/preview.pdf",
    "cases/<uuid:case_id>/reports/<int:version>.pdf",
    "cases/<uuid:case_id>/reports/<int:version>.fhir.json",
    "cases/<uuid:case_id>/follow-ups/<uuid:follow_up_id>",
    "documents/<uuid:document_id>/frames/<int:number>",
    "findings/<uuid:finding_id>",
    "documents/<uuid:document_id>/pages/<int:number>/lines.json",
    "documents/<uuid:document_id>/pages/<int:number>/<str:size>.webp",
}


@pytest.fixture
def story(transactional_db: Any) -> Story:
    identity.forget_keys()
    story = Story().in_review()
    with by(story.author):
        opinion.seal_first_read(principal=story.author, case_id=story.id, impression="My own thought.", confidence=70)
        opinion.save_draft(principal=story.author, case_id=story.id, content=OPINION)
        opinion.send_message(principal=story.author, case_id=story.id, text="A word to the staff.")
        opinion.ask(principal=story.author, case_id=story.id, question="Since when?")
    return story


def test_every_address_of_the_dashboard_is_looked_at_or_is_no_page() -> None:
    routes = {str(one.pattern) for one in urlpatterns}
    assert routes == set(PAGES.values()) | set(ELSEWHERE) | NO_PAGE


def from_the_right(page: Page, name: str) -> None:
    """Of a language that runs from right to left nothing is wider than the window either."""
    page.evaluate("document.documentElement.dir = 'rtl'")
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict works
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} from right to left: {wide} px wider than the window"
    start = page.evaluate("getComputedStyle(document.querySelector('main')).textAlign")
    assert start in ("start", "right"), f"{name}: text begins at the {start}"
    page.evaluate("document.documentElement.dir = 'ltr'")


def on_paper(page: Page, name: str) -> None:
    """Printed: dark on white, and without what can only be clicked."""
    page.emulate_media(media="print", color_scheme="dark")
    for kind in (".bar", ".skip", ".filters"):
        assert not page.locator(f"{kind}:visible").count(), f"{name}: {kind} is printed"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)", f"{name}: printed on {paper}"
    page.emulate_media(media="screen", color_scheme="light")


def test_every_page_is_fit_for_everybody(page: Page, story: Story) -> None:
    sign_in(page, story)
    wrong = []
    for name, route in PAGES.items():
        page.goto("/dashboard/" + route.replace("<uuid:case_id>", str(story.id)))
        try:
            look(page, f"page-{name}")
            from_the_right(page, name)
            on_paper(page, name)
        except AssertionError as fault:
            wrong.append(str(fault))
    assert not wrong, "\n".join(wrong)


def test_what_was_signed_is_read_and_answered_by_the_keyboard(page: Page, transactional_db: Any) -> None:
    identity.forget_keys()
    story = read_by_the_patient(Story().delivered())
    ask(story, "May I fly to Gößweinstein in June, with the long way from the gate to the aeroplane?")
    drain()
    sign_in(page, story)
    page.goto(f"/dashboard/cases/{story.id}#follow-ups")
    look(page, "7-signed")
    box = page.get_by_label("Your answer")
    box.focus()
    page.keyboard.type("Yes, after the check.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You answered")).to_be_visible()
    expect(page.get_by_text("Yes, after the check.")).to_be_visible()
    with page.expect_download() as report:
        page.get_by_role("link", name="Report as PDF").click()
    assert report.value.suggested_filename.endswith("-version-1.pdf")
    page.goto("/dashboard/news")
    look(page, "7-news")
    page.get_by_role("link", name="A patient asks about an opinion of yours.").click()
    expect(page.get_by_role("heading", name="The patient's questions about your opinion")).to_be_visible()
