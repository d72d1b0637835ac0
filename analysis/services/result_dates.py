"""The day of each laboratory result, as its own sheet prints it. Equal values of two days are two results.

A day that the table itself gives a value, above its column or in its row, goes before every date of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from analysis.domain.findings import Finding, Kind
from analysis.domain.spans import Span
from analysis.services import case_records
from analysis.services.case_records import ResultDate, Source


def with_dates(findings: Sequence[Finding], source: Source) -> tuple[Finding, ...]:
    """The findings, each laboratory result with ``observed_on``, ``date_printed`` and ``date_means`` in its data."""
    spans = [span for finding in findings if _measured(finding) for span in finding.spans]
    dates = dict(zip(spans, case_records.dates_of(source=source, spans=spans), strict=True))
    latest = source.text.uploaded_on
    return tuple(one for finding in findings for one in _dated(finding, dates, latest))


def _measured(finding: Finding) -> bool:
    """Whether our own parser read it: a model's claim has no value to date."""
    return finding.kind is Kind.LABORATORY and "value" in finding.data and not _came_as_data(finding)


def _came_as_data(finding: Finding) -> bool:
    """Whether it came with a date of its own, or with none: its page dates nothing."""
    return bool(finding.data.get("coded"))


def _dated(finding: Finding, dates: dict[Span, ResultDate], latest: date) -> Iterator[Finding]:
    day = _own_day(finding, latest)
    if day is not None:
        own = {"observed_on": day, "date_printed": day, "date_means": "collected" if day else ""}
        yield replace(finding, data={**finding.data, **own})
        return
    if not _measured(finding):
        yield finding
        return
    for when in dict.fromkeys(dates[span] for span in _certain_first(finding.spans, dates)):
        data = {
            **finding.data,
            "observed_on": when.day.isoformat() if when.day else "",
            "date_printed": when.printed,
            "date_means": when.means,
        }
        yield replace(finding, spans=tuple(span for span in finding.spans if dates[span] == when), data=data)


def _own_day(finding: Finding, latest: date) -> str | None:
    """The day (ISO) that came with the value; ``None`` where its sheet has to say: none is younger than its paper."""
    day = str(finding.data.get("date") or "")
    if _came_as_data(finding):
        return day
    if not _measured(finding) or not day or date.fromisoformat(day) > latest:
        return None
    return day


def _certain_first(spans: Iterable[Span], dates: dict[Span, ResultDate]) -> list[Span]:
    return sorted(spans, key=lambda span: dates[span].day is None)
