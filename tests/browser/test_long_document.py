"""A long document opens at its first page at once, however many pages follow.

``SOP_LONG_PAGES=300`` makes it as long as a patient's whole record, and asks for the first page within a second.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.services import documents
from config.kernel.due_work import drain
from identity import services as identity
from tests.browser.test_images import _sign_in as sign_in
from tests.cases.support import Story, by
from tests.tooling.clinical import many_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = int(os.environ.get("SOP_LONG_PAGES", "4"))
# From the click to a first page that is drawn on the screen.
OPENING = """async () => {
    const picture = document.getElementById("viewer-image");
    const start = performance.now();
    document.querySelector('.thumb[data-page="1"]').click();
    await picture.decode();
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


@pytest.fixture
def story(transactional_db: Any, tmp_path: Path) -> Story:
    identity.forget_keys()
    story, source = Story().in_review(), tmp_path / "record.pdf"
    source.write_bytes(many_pages(PAGES).content)
    with by(story.patient):
        documents.upload_document(
            principal=story.patient, case_id=story.id, name="record.pdf", declared_type="", source=source
        )
    drain("cases")
    return story


def test_the_first_page_of_a_long_document_opens(page: Page, story: Story) -> None:
    sign_in(page, story)
    expect(page.locator(".thumb")).to_have_count(PAGES)
    took = page.evaluate(OPENING)
    print(f"{PAGES} pages: the first after {took:.0f} ms")
    expect(page.locator("#viewer-title")).to_contain_text("page 1")
    if "SOP_LONG_PAGES" in os.environ:
        assert took <= 1000
    page.locator(f'.thumb[data-page="{PAGES}"]').click()
    expect(page.locator("#viewer-title")).to_contain_text(f"page {PAGES}")
    assert page.evaluate("document.getElementById('viewer-image').decode().then(() => true)")
