"""A context's README is one page, and what it lists is what the code has."""

import re
from pathlib import Path

import pytest

from tests.architecture.readme_lists import lists, readme, with_lists
from tests.architecture.tree import CONTEXTS, PRODUCT, ROOT

MAX_WORDS = 700
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def documents() -> list[Path]:
    inner = (path for name in PRODUCT for path in (ROOT / name).rglob("*.md"))
    return sorted([*ROOT.glob("*.md"), *inner])


def broken_links(path: Path, text: str) -> list[str]:
    return [link for link in _LINK.findall(text) if not (path.parent / link).exists()]


@pytest.mark.parametrize("app", CONTEXTS)
def test_a_readme_lists_what_the_code_has(app: str) -> None:
    text = readme(app).read_text()
    assert with_lists(text, app) == text, "python -m tests.architecture.readme_lists writes it anew"


@pytest.mark.parametrize("app", CONTEXTS)
def test_a_readme_is_one_page(app: str) -> None:
    assert len(readme(app).read_text().split()) <= MAX_WORDS


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    assert not broken_links(path, path.read_text())


def test_decisions_are_numbered_one_after_the_other_and_dated() -> None:
    section = (ROOT / "ARCHITECTURE.md").read_text().split("## Decisions", 1)[1].split("\n## ", 1)[0]
    starts = re.findall(r"^(?:(\d+)\.|-) (.{13})", section, re.M)
    assert [int(number or 0) for number, _ in starts] == list(range(1, len(starts) + 1))
    assert all(re.fullmatch(r"\*20\d\d-\d\d-\d\d\.\*", date) for _, date in starts)


def test_planted_faults_are_refused() -> None:
    text = readme("cases").read_text()
    assert "`case` " in lists("cases")
    assert with_lists(text.replace("`case` ", "`suitcase` ", 1), "cases") == text
    assert broken_links(readme("cases"), "[here](services/workflow/README.md) [gone](services/nowhere.md)") == [
        "services/nowhere.md"
    ]
