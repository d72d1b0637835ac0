"""A record that came as data, taken all the way to findings in this process: packed, read as pages, analysed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from analysis.domain.engine import analyse
from analysis.domain.findings import Finding
from analysis.domain.spans import CodedResult, SourcePage
from analysis.domain.subject import Subject
from cases.adapters.json_trees import json_tree
from cases.adapters.reading.plain_text import _page, _pages
from cases.adapters.xml_trees import xml_tree
from cases.domain.documents.document_text import PageText
from cases.domain.records.ccda_document import read_ccda
from cases.domain.records.fhir_bundle import read_bundle
from cases.domain.records.health_record import HealthRecord
from cases.domain.records.record_pages import page_of

TODAY = date(2026, 11, 30)


@dataclass(frozen=True)
class Imported:
    """What became of a record: the counts, each statement of its pages on one line, the findings."""

    record: HealthRecord
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """The pages with every statement on one line."""
        return "\n".join(self.lines)

    def titles(self, kind: str) -> list[str]:
        """The titles of the findings of a kind."""
        return [one.title for one in self.findings if one.kind == kind]


def imported(content: bytes, *, today: date = TODAY) -> Imported:
    """Read a bundle or a document, whichever it is. Raises UnfitRecord."""
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        record = read_ccda(xml_tree(content), today=today)
    else:
        record = read_bundle(json_tree(content), today=today)
    texts = text_pages(page_of(record))
    pages = [
        SourcePage(UUID(int=1), page.number, page.text, coded=tuple(CodedResult(**_parts(one)) for one in page.coded))
        for page in texts
    ]
    lines = "\n".join(page.text for page in texts).replace("\n… ", " ").split("\n")
    return Imported(record, tuple(lines), analyse(pages, Subject(sex="female", age_years=65)).findings)


def text_pages(text: str) -> list[PageText]:
    """The pages of a text as the reader makes them, without their pictures."""
    return [_page(number, sheet) for number, sheet in enumerate(_pages(text), start=1)]


def _parts(result: object) -> dict[str, object]:
    return {name: getattr(result, name) for name in result.__slots__}  # type: ignore[attr-defined]  # a dataclass with slots
