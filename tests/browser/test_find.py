"""A specialist searches the records by the keyboard and sees the place on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.kernel.due_work import drain
from identity import services as identity
from tests.browser.conftest import NARROW, SCREENSHOTS, WIDE
from tests.browser.steps import violations
from tests.browser.test_images import _sign_in as sign_in
from tests.cases.support import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\n\n" + "\n\n".join(
    f"Paragraph {number}: nothing of note." for number in range(1, 30)
)


@pytest.fixture
def story(transactional_db: Any, tmp_path: Path) -> Story:
    identity.forget_keys()
    story = Story().in_review()
    story.add_document(LETTER + "\n\nThe biopsies showed cancer of the pancreas.\n", tmp_path)
    drain("cases")
    return story


def test_a_place_is_found_and_shown_by_keys_alone(page: Page, story: Story) -> None:
    sign_in(page, story)
    words = page.get_by_label("Search in the documents")
    words.focus()
    page.keyboard.type('"cancer of the pancreas"')
    page.keyboard.press("Enter")
    expect(page.locator("#hits")).to_contain_text("1 place")
    expect(page.locator("#hits mark")).to_have_text("cancer of the pancreas")
    assert "pancreas" not in page.url
    page.locator("#hits .source").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-mark")).to_be_visible()
    for size, label in ((NARROW, "390"), (WIDE, "1280")):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict works
        page.locator("#find").scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / f"9-find-{label}.png")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{label}: {wide} px wider than the window"
        assert not violations(page)
    words.fill("glioblastoma")
    words.press("Enter")
    expect(page.locator("#hits")).to_contain_text("0 places")
