"""A specialist goes from sign-in to a signed opinion: by mouse, and again by keyboard alone."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, Opinion
from config.kernel.due_work import drain
from tests.browser.conftest import SCREENSHOTS, Offered
from tests.browser.steps import CODES, OPINION, look
from tests.journey.people import totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_specialist_signs_an_opinion_by_mouse(page: Page, offered: Offered) -> None:
    page.goto("/dashboard/")
    expect(page).to_have_url(re.compile("/dashboard/sign-in"))
    look(page, "1-sign-in")
    page.fill("#email", offered.email)
    page.fill("#password", "wrong password here")
    page.fill("#code", "000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.fill("#password", offered.password)
    page.fill("#code", totp(offered.totp))
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    look(page, "2-worklist")
    page.get_by_role("link", name="Look at the offer").click()
    look(page, "3-offer")
    page.get_by_role("button", name="Accept the case").click()
    expect(page.get_by_role("alert")).to_contain_text("Conflicts of interest")
    for box in page.get_by_label("No", exact=True).all():
        box.check()
    page.get_by_role("button", name="Accept the case").click()

    expect(page.get_by_role("heading", name="Bleeding on warfarin")).to_be_visible()
    expect(page.get_by_text("Locked until your first read is sealed")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Continue warfarin")
    look(page, "4-first-read")
    page.fill("#impression", "Over-anticoagulation; the medicines interact.")
    page.fill("#confidence", "70")
    page.get_by_role("button", name="Seal my first read").click()

    expect(page.locator(".finding").first).to_be_visible()
    expect(page.locator("body")).to_contain_text("Continue warfarin")
    page.locator(".source").first.click()
    expect(page.locator("#viewer-mark")).to_be_visible()
    assert page.locator("#viewer-image").evaluate("image => image.naturalWidth") > 600
    look(page, "5-workspace")
    page.locator("#viewer-image").scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / "dashboard.png")

    findings = page.locator(".finding")
    count = findings.count()
    assert count > 10
    for index in range(count):
        finding = findings.nth(index)
        choice = "Reject" if index == count - 1 else "Accept"
        if choice == "Reject":
            finding.get_by_role("textbox").fill("Not relevant here.")
        finding.get_by_role("button", name=choice).click()
        expect(finding.locator(".decided")).to_have_text("Rejected" if choice == "Reject" else "Accepted")
    expect(page.locator("#undecided")).to_have_text("0")
    drain()

    page.get_by_role("button", name="Finish the opinion").click()
    expect(page.locator("#finish-refusal")).to_contain_text("Not finished yet")
    for name, text in OPINION.items():
        page.fill(f"#{name}", text)
    for name, code in CODES.items():
        page.select_option(f"#{name}", code)
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#plan")).to_have_value(OPINION["plan"])
    page.get_by_role("button", name="Finish the opinion").click()

    expect(page.get_by_role("heading", name="Read once more, then sign")).to_be_visible()
    expect(page.locator("article")).to_contain_text(OPINION["answer_1"])
    look(page, "6-sign")
    page.get_by_role("button", name="Sign the opinion").click()
    expect(page.get_by_role("heading", name="Your signed opinion")).to_be_visible()
    page.get_by_role("link", name="News").click()
    look(page, "7-news")
    assert Opinion.objects.get(case_id=offered.case_id).state == "SIGNED"
    drain()
    assert Case.objects.get(id=offered.case_id).state == "DELIVERED"


def test_news_never_takes_the_worklist_from_under_the_reader(page: Page, offered: Offered) -> None:
    _sign_in_by_keys(page, offered)
    page.wait_for_load_state("load")
    link = page.get_by_text("Look at the offer")
    # The news is asked for, and while its answer is on the way somebody comes to the link.
    page.evaluate("""
        htmx.trigger("#worklist", "news");
        document.querySelector("#worklist").dataset.drawn = "first";
        document.querySelector("#worklist a").focus();
    """)
    expect(page.locator("#stale")).to_be_visible()
    assert page.locator("#worklist").get_attribute("data-drawn") == "first"
    page.evaluate("document.activeElement.blur(); htmx.trigger('#worklist', 'news')")
    expect(page.locator("#worklist:not([data-drawn])")).to_be_visible()
    link.press("Enter")
    page.wait_for_url("**/dashboard/offers/**")


def test_a_specialist_signs_an_opinion_by_keyboard_alone(page: Page, offered: Offered) -> None:
    _sign_in_by_keys(page, offered)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    _press(page, "text=Look at the offer", "Enter")
    page.wait_for_url("**/dashboard/offers/**")
    for key in ("knows_patient", "treated_patient", "relation_to_clinician", "referrer_or_payer", "therapy_maker"):
        _press(page, f"input[name={key}][value=no]", "Space")
    _press(page, "button[value=accept]", "Enter")
    _type(page, "#impression", "Over-anticoagulation.")
    _type(page, "#confidence", "70")
    page.keyboard.press("Enter")

    expect(page.locator(".finding").first).to_be_visible()
    _press(page, ".source >> nth=0", "Enter")
    expect(page.locator("#viewer-mark")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "source"
    count = page.locator(".finding").count()
    for index in range(count):
        _press(page, f".finding >> nth={index} >> button[value=accept]", "Enter")
        expect(page.locator(".finding").nth(index).locator(".decided")).to_have_text("Accepted")
    drain()
    for name, text in OPINION.items():
        _type(page, f"#{name}", text)
    for name, code in CODES.items():
        _choose(page, f"#{name}", code)
    expect(page.locator("#saved")).to_contain_text("Saved")
    _press(page, "text=Finish the opinion", "Enter")
    _press(page, "text=Sign the opinion", "Enter")
    expect(page.get_by_role("heading", name="Your signed opinion")).to_be_visible()
    assert Opinion.objects.get(case_id=offered.case_id).state == "SIGNED"


def test_two_windows_do_not_overwrite_each_other_and_a_lost_network_loses_nothing(page: Page, offered: Offered) -> None:
    _sign_in_and_accept(page, offered)
    second = page.context.new_page()
    second.goto(page.url)
    page.fill("#summary", "Written in the first window.")
    expect(page.locator("#saved")).to_contain_text("Saved")
    second.fill("#summary", "Written in the second window.")
    expect(second.locator("#saved")).to_contain_text("changed in another window")
    expect(second.locator("#summary")).to_have_value("Written in the second window.")
    second.close(run_before_unload=False)

    page.context.set_offline(True)
    page.fill("#plan", "Written without a network.")
    expect(page.locator("#saved")).to_contain_text("Not saved:")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#plan")).to_have_value("Written without a network.")
    expect(page.locator("#summary")).to_have_value("Written in the first window.")


def test_a_strangers_case_and_an_ended_session_are_closed(page: Page, offered: Offered) -> None:
    _sign_in_and_accept(page, offered)
    answer = page.goto("/dashboard/cases/00000000-0000-4000-8000-000000000000")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("alert")).to_contain_text("no such case")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy.split("script-src")[1].split(";")[0], json.dumps(policy)
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"/dashboard/cases/{offered.case_id}")
    expect(page).to_have_url(re.compile("/dashboard/sign-in"))


def _sign_in_and_accept(page: Page, offered: Offered) -> None:
    page.goto(f"/dashboard/offers/{offered.case_id}")
    page.fill("#email", offered.email)
    page.fill("#password", offered.password)
    page.fill("#code", totp(offered.totp))
    page.get_by_role("button", name="Sign in", exact=True).click()
    for box in page.get_by_label("No", exact=True).all():
        box.check()
    page.get_by_role("button", name="Accept the case").click()
    page.fill("#impression", "Over-anticoagulation.")
    page.fill("#confidence", "70")
    page.get_by_role("button", name="Seal my first read").click()
    expect(page.locator("#opinion-form")).to_be_visible()


def _type(page: Page, selector: str, text: str) -> None:
    """Focus as Tab would, then type; nothing is clicked."""
    field = page.locator(selector)
    # Each key goes to the field that has the focus at that moment: a page that loads may still take it away.
    field.press("Control+a")
    field.press_sequentially(text)


def _sign_in_by_keys(page: Page, offered: Offered) -> None:
    page.goto("/dashboard/")
    _type(page, "#email", offered.email)
    _type(page, "#password", offered.password)
    _type(page, "#code", totp(offered.totp))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()


def _press(page: Page, selector: str, key: str) -> None:
    page.locator(selector).press(key)


def _choose(page: Page, selector: str, code: str) -> None:
    """Arrow down until the option is the chosen one."""
    for _ in range(page.locator(f"{selector} option").count()):
        if page.input_value(selector) == code:
            return
        page.locator(selector).press("ArrowDown")
    expect(page.locator(selector)).to_have_value(code)
