"""A specialist sees what was not read, and goes to the place on the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.domain.documents.document_text import (
    Doubt,
    UnreadPlace,
    UnreadReason,
    reading_from_json,
    reading_to_json,
)
from cases.models import Document
from cases.queries.sealed_contents import place
from config.kernel.crypto import open_json, seal_json
from config.kernel.due_work import drain
from identity import services as identity
from tests.browser.conftest import NARROW, SCREENSHOTS, WIDE
from tests.browser.steps import violations
from tests.browser.test_images import _sign_in as sign_in
from tests.cases.support import Story, by

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHEET = (
    "Patient: Maria Keller\nDate of birth: 17.04.1961\n\n"
    "Test        Result   Unit     Reference\n"
    "Sodium      140      mmol/L   135 - 145\n"
    "Potassium   2.4      mmol/L   3.5 - 5.1\n\n"
    "Medication: xylofantol 50 mg daily.\n"
)


@pytest.fixture
def story(transactional_db: Any, tmp_path: Path) -> Story:
    """A sheet that a second reading doubts, and of which two places were not read."""
    identity.forget_keys()
    story = Story().in_review()
    story.add_document(SHEET, tmp_path, name="laboratory sheet.txt")
    drain("cases")
    row = Document.objects.get(case=story.id)
    key, where = identity.data_key(subject_id=row.patient_id), place("document", "reading", row.id)
    reading = reading_from_json(open_json(key, where, row.reading_sealed))
    (sheet,) = reading.pages
    at = sheet.text.index("2.4")
    doubted = replace(
        sheet,
        doubts=(Doubt(at, at + 3, "22.4"),),
        unread=(
            UnreadPlace(UnreadReason.PICTURE_NOT_RECOGNISED, (0.1, 0.5, 0.5, 0.7)),
            UnreadPlace(UnreadReason.OVERLAPPING_GLYPHS, (0.1, 0.8, 0.9, 0.85)),
        ),
    )
    stored = reading_to_json(replace(reading, pages=(doubted,), verdict="partial"))
    Document.objects.filter(id=row.id).update(
        reading_sealed=seal_json(key, where, stored), state="ACCEPTED", verdict="partial"
    )
    with by(story.patient):
        from analysis import services as analysis

        analysis.request_analysis(principal=story.patient, document_id=row.id)
    drain()
    return story


def test_a_specialist_goes_to_what_was_not_read(page: Page, story: Story) -> None:
    sign_in(page, story)
    panel = page.get_by_role("region", name="What was read, and what was not")
    expect(panel).to_contain_text("not read: a picture that may show text")
    expect(panel).to_contain_text("two readings: 2.4 / 22.4")
    expect(panel).not_to_contain_text("xylofantol")
    expect(panel).to_contain_text("are told once your own first read is sealed")
    page.fill("#impression", "Low potassium?")
    page.fill("#confidence", "40")
    page.get_by_role("button", name="Seal my first read").click()
    expect(panel).to_contain_text("medicine not checked:")
    expect(page.locator(".finding", has_text="Potassium")).to_contain_text("two readings: 2.4 / 22.4")
    panel.locator("[data-box]").first.focus()
    page.keyboard.press("Enter")
    mark = page.locator("#viewer-mark")
    expect(mark).to_be_visible()
    assert mark.evaluate("one => [one.style.left, one.style.top, one.style.width]") == ["10%", "50%", "40%"]
    for size, label in ((NARROW, "390"), (WIDE, "1280")):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict works
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"10-coverage-{label}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{label}: {wide} px wider than the window"
        assert not violations(page)
