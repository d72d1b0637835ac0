"""The gallery shows every page, and every picture of it is there."""

import re

from tests.tooling.gallery import KEPT, PAGES, WIDTHS, gallery


def test_the_gallery_is_what_its_pictures_are() -> None:
    assert (KEPT / "README.md").read_text(encoding="utf-8") == gallery()
    named = set(re.findall(r'src="pages/([^"]+)"', gallery()))
    assert named == {path.name for path in (KEPT / "pages").iterdir()}
    assert len(named) == sum(len(pages) for pages in PAGES.values()) * len(WIDTHS)
