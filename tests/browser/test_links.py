"""Links of mails lead to pages that work: a password is set, records are sent; the secret leaves the address bar."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.models import RecordUpload
from identity import services as identity
from tests.browser.steps import look
from tests.cases.records.test_record_requests import ask, letter
from tests.cases.support import Story
from tests.factories import make_account
from tests.observations import verify_credentials

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_password_is_set_by_a_mailed_link(page: Page, transactional_db) -> None:
    account = make_account("patient")
    token = identity.issue_email_token(user_id=account.id, purpose="reset")
    page.goto(f"/reset-password#token={token}")
    assert token not in page.url
    look(page, "12-reset-password")
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("15")
    page.get_by_label("New password").fill("eleven quiet lighthouses")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    assert verify_credentials(email=account.email, password="eleven quiet lighthouses")


def test_a_facility_sends_a_record_by_the_link_of_its_mail(page: Page, transactional_db, tmp_path: Path) -> None:
    identity.forget_keys()
    token = letter(ask(Story(condition="oncology").submitted()).id).token
    file = tmp_path / "report.txt"
    file.write_text("Patient: Maria Keller, born 17.04.1961. Adenocarcinoma, G2.")
    page.goto(f"/send-records#token={token}")
    assert token not in page.url
    look(page, "13-send-records")
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("report.txt · received")).to_be_visible()
    assert RecordUpload.objects.count() == 1
    expect(page.locator("body")).not_to_contain_text("Keller")


def test_the_front_page_has_a_door_for_everybody_and_tells_patients_their_way(page: Page, transactional_db) -> None:
    page.goto("/")
    expect(page).to_have_title("Welcome · Second Opinion")
    look(page, "0-front")
    expect(page.get_by_role("region", name="Patients and families")).to_contain_text("through the app or website")
    for name, address in (("To the worklist", "/dashboard/sign-in"), ("Check a report", "/verify")):
        page.goto("/")
        page.get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(address))
    page.goto("/")
    page.get_by_role("link", name="To the staff pages").click()
    expect(page).to_have_url(re.compile("/admin/login/"))


def test_a_link_that_is_not_whole_says_so(page: Page, transactional_db) -> None:
    page.goto("/verify-email")
    expect(page.get_by_role("status")).to_contain_text("incomplete")
    page.goto("/send-records")
    expect(page.get_by_role("status")).to_contain_text("incomplete")
