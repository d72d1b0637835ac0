"""Signs that must not wait: fixed wording by authored rules, over text and over critical laboratory values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analysis.domain import knowledge
from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.laboratory.catalogue import by_name
from analysis.domain.scope import Said, Scope
from analysis.domain.sections import Section, paragraphs
from analysis.domain.spans import SourcePage, Span

LEVELS = {"emergency": Severity.CRITICAL, "same_day": Severity.HIGH, "routine": Severity.MODERATE}
_SILENT = (Section.FAMILY, Section.HISTORY, Section.ADVICE, Section.ALLERGIES)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its level (emergency, same_day, routine), wording and source."""

    id: str
    level: str
    title: str
    advice: str
    source: str


@knowledge.per_release
def text_rules() -> tuple[tuple[re.Pattern[str], Rule], ...]:
    """The rules over text."""
    return tuple(
        (re.compile(rf"(?<!\w)(?:{row['pattern']})(?!\w)", re.IGNORECASE), _rule(row))
        for row in knowledge.rows("red_flags")
    )


@knowledge.per_release
def limit_rules() -> dict[tuple[str, str], Rule]:
    """The rules over critical values, by LOINC and side (L, H)."""
    limits = {analyte.loinc: analyte.panic for analyte in by_name().values()}
    found = {}
    for row in knowledge.rows("red_flag_limits"):
        bound = limits[row["loinc"]].low if row["side"] == "L" else limits[row["loinc"]].high
        if bound is None:
            raise knowledge.BrokenKnowledge(f"{row['id']}: the catalogue has no such limit")
        found[row["loinc"], row["side"]] = _rule(row)
    return found


def red_flag_findings(pages: Iterable[SourcePage], laboratory: Iterable[Finding]) -> list[Finding]:
    """One finding for each rule and document that is met, emergencies first."""
    found: dict[tuple[str, str], Finding] = {}
    spans: dict[tuple[str, str], list[Span]] = {}
    for rule, span, confidence, data in [*_in_text(pages), *_in_values(laboratory)]:
        key = (str(span.document_id), rule.id)
        spans.setdefault(key, []).append(span)
        if key not in found:
            found[key] = _finding(rule, span, confidence, data)
    whole = (replace(finding, spans=tuple(spans[key])) for key, finding in found.items())
    return sorted(whole, key=lambda finding: -finding.severity.rank)


_Hit = tuple[Rule, Span, float | None, dict[str, str]]


def _in_text(pages: Iterable[SourcePage]) -> Iterator[_Hit]:
    for text in paragraphs(pages):
        if text.section in _SILENT:
            continue
        for pattern, rule in text_rules():
            for found in pattern.finditer(text.text):
                span = text.span(found.start(), found.end())
                if text.scope(span.start, span.end, Said.FINDING) is Scope.PRESENT:
                    yield rule, span, text.page.confidence, {}


def _in_values(laboratory: Iterable[Finding]) -> Iterator[_Hit]:
    for finding in laboratory:
        if finding.kind is not Kind.LABORATORY:
            continue
        rule = limit_rules().get((finding.data["loinc"], finding.data["critical"]))
        if rule:
            yield rule, finding.spans[0], finding.confidence, {"value": finding.title}


def _finding(rule: Rule, span: Span, confidence: float | None, data: dict[str, str]) -> Finding:
    return Finding(
        kind=Kind.RED_FLAG,
        title=rule.title,
        detail=rule.advice,
        severity=LEVELS[rule.level],
        spans=(span,),
        knowledge_release=knowledge.release(),
        confidence=confidence,
        data={
            "rule": rule.id,
            "level": rule.level,
            "source": knowledge.cite(rule.source),
            "source_url": knowledge.sources()[rule.source]["url"],
            **data,
        },
    )


def _rule(row: dict[str, str]) -> Rule:
    knowledge.cite(row["source"])
    if row["level"] not in LEVELS:
        raise knowledge.BrokenKnowledge(f"{row['id']}: level {row['level']!r}")
    return Rule(row["id"], row["level"], row["title"], row["advice"], row["source"])
