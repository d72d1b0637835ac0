"""The text of a page is what was drawn on it, or the page says that it is in doubt.

`make test` draws thirty pages, `make check W=text` two thousand (`SOP_TEXT_PAGES`).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

from cases.adapters.reading.pdf.overlays import comments_of, page_with_overlays
from cases.adapters.reading.pdf.page_text import text_of
from cases.adapters.reading.pdf.pages import open_pdf
from cases.domain.documents.document_text import PageText
from tests.tooling.drawn_pages import Drawn, drawn_page

PAGES = int(os.environ.get("SOP_TEXT_PAGES", "30"))
DOUBTFUL = 0.02


def read(drawn: Drawn, folder: Path) -> PageText:
    source = folder / "upload.pdf"
    source.write_bytes(drawn.content)
    document = open_pdf(source)
    comments = comments_of(document[0])
    page = page_with_overlays(document, 1)
    return text_of(page, 1, most=200_000, layered=drawn.layered, comments=comments).page


def differences(drawn: Drawn, page: PageText) -> list[str]:
    """What the page's text lacks, and what it has besides."""
    seen = Counter(_bare(line) for line in page.text.splitlines())
    shown = Counter(_bare("".join(row)) for row in drawn.rows)
    found = [f"missing {row}" for row in shown - seen] + [f"besides {row}" for row in seen - shown]
    words = set(page.text.split())
    found += [f"not apart {cell}" for row in drawn.rows for cell in " ".join(row).split() if cell not in words]
    return found + [f"shown {words}" for words in drawn.hidden if _bare(words) in _bare(page.text)]


def _bare(words: str) -> str:
    return re.sub(r"\s", "", words)


def test_the_text_of_a_page_is_what_was_drawn_or_is_in_doubt(tmp_path: Path) -> None:
    silent, doubtful, whole = {}, [], 0
    for seed in range(PAGES):
        drawn = drawn_page(seed)
        page = read(drawn, tmp_path)
        if not page.unread and (found := differences(drawn, page)):
            silent[seed] = (drawn.kinds, found)
        if not drawn.damaged and not drawn.hidden:
            whole += 1
            doubtful += [seed] if page.unread else []
    assert silent == {}
    assert len(doubtful) <= DOUBTFUL * whole, doubtful
