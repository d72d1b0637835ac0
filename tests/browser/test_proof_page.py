"""Anybody checks a report in a browser: by its code, or by its file, which stays on the device."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from cases.services import report as report_service
from config.kernel.auth import acting_as
from identity import services as identity
from tests.browser.steps import look
from tests.cases.support import Story
from tests.observations import report_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_report_is_checked_by_its_code_and_by_its_file(page: Page, transactional_db, tmp_path: Path) -> None:
    identity.forget_keys()
    story = Story().delivered()
    with acting_as(story.patient):
        report = report_service.get_report(principal=story.patient, case_id=story.id)
        pdf = report_pdf(principal=story.patient, case_id=story.id)
    (tmp_path / "report.pdf").write_bytes(pdf)
    (tmp_path / "changed.pdf").write_bytes(pdf.replace(b"%PDF-1.", b"%PDF-2."))

    page.goto(f"/verify#{report.manifest}")
    told = page.locator("#verdict")
    expect(told).to_contain_text("Valid")
    expect(told).to_contain_text("genuine code can be printed on another text")
    assert "#" not in page.url
    look(page, "20-verify-code")

    page.goto("/verify")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    page.set_input_files("#file", tmp_path / "report.pdf")
    page.click("button.primary")
    expect(told).to_contain_text("no newer version exists")
    bodies = [request.post_data or "" for request in sent if request.method == "POST"]
    assert [len(body) for body in bodies] == [len('{"sha256":""}') + 64]

    page.goto("/verify")
    page.set_input_files("#file", tmp_path / "changed.pdf")
    page.click("button.primary")
    expect(told).to_contain_text("Changed")
    look(page, "21-verify-changed")
