"""Findings over places that two readings give differently: each says both, and none is taken for the right one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from analysis.domain.findings import Finding, Kind
from analysis.domain.spans import SourcePage, Span

TWO_READINGS = "two readings"
# What is printed twice stands by the place that is not in doubt.
_STANDS_BY_ANOTHER = frozenset({Kind.LABORATORY, Kind.MEDICINE})
_Pages = Mapping[tuple[UUID, int], SourcePage]


def with_doubts(findings: Iterable[Finding], pages: Sequence[SourcePage]) -> tuple[Finding, ...]:
    """The findings, those of doubted places with ``data["doubt"]``, and with both readings in title and detail."""
    known = {(page.document_id, page.number): page for page in pages if page.doubts}
    return tuple(_doubted(finding, known) for finding in findings)


def both_readings(page: SourcePage, start: int, end: int) -> str:
    """``two readings: 2.4 / 22.4`` of what is doubted between two places of a page; empty where nothing is."""
    found = [
        f"{page.text[doubt.start : doubt.end]} / {doubt.other}"
        for doubt in page.doubts
        if doubt.start < end and start < doubt.end
    ]
    return f"{TWO_READINGS}: {', '.join(found)}" if found else ""


def _doubted(finding: Finding, pages: _Pages) -> Finding:
    told = str(finding.data.get("doubt") or "")
    doubt = told or _of_places(finding, pages)
    if not doubt:
        return finding
    named = f"{finding.title} ({doubt})"
    return replace(
        finding,
        title=named if doubt.startswith(TWO_READINGS) and doubt not in finding.title else finding.title,
        detail=finding.detail if doubt in finding.detail else f"{finding.detail} In doubt: {doubt}.".strip(),
        data={**finding.data, "doubt": doubt},
    )


def _of_places(finding: Finding, pages: _Pages) -> str:
    said: dict[str, list[Span]] = defaultdict(list)
    for span in finding.spans:
        page = pages.get((span.document_id, span.page))
        said[both_readings(page, span.start, span.end) if page else ""].append(span)
    if finding.kind in _STANDS_BY_ANOTHER and said.get(""):
        return ""
    return "; ".join(doubt for doubt in said if doubt)
