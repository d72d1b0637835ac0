"""Medicines that do not go together, by authored rules; each names mechanism, advice and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from analysis.domain import knowledge
from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.medicines.dictionary import generics
from analysis.domain.medicines.medicine_lines import Mention
from analysis.domain.spans import Span


@dataclass(frozen=True, slots=True)
class Rule:
    """Each member of ``groups`` must be met by a medicine of its own."""

    id: str
    groups: tuple[frozenset[str], ...]
    severity: Severity
    title: str
    mechanism: str
    advice: str
    source: str


@knowledge.per_release
def rules() -> tuple[Rule, ...]:
    """All rules; one that names an unknown class, medicine or source breaks the release."""
    known = sourced_classes() | frozenset(generics())
    found = []
    for row in knowledge.rows("interactions"):
        groups = tuple(frozenset(knowledge.words(part)) for part in row["members"].split(" + "))
        strange = frozenset().union(*groups) - known
        if strange or len(groups) < 2:
            raise knowledge.BrokenKnowledge(f"{row['id']}: {sorted(strange)}")
        knowledge.cite(row["source"])
        severity = Severity(row["severity"])
        found.append(Rule(row["id"], groups, severity, row["title"], row["mechanism"], row["advice"], row["source"]))
    return tuple(found)


@knowledge.per_release
def sourced_classes() -> frozenset[str]:
    """The classes that rules may name: each says what it means and by which source a medicine belongs to it."""
    table = knowledge.rows("classes")
    for row in table:
        knowledge.cite(row["source"])
    return frozenset(row["class"] for row in table)


def interaction_findings(mentions: Iterable[Mention]) -> list[Finding]:
    """One finding for each rule and set of medicines that meet it, the gravest first."""
    by_generic: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_generic.setdefault(mention.medicine.generic, []).append(mention)
    found = [_finding(rule, members, by_generic) for rule in rules() for members in _met(rule, by_generic)]
    return sorted(found, key=lambda finding: -finding.severity.rank)


def _met(rule: Rule, by_generic: dict[str, list[Mention]]) -> Iterator[tuple[str, ...]]:
    candidates = [
        [generic for generic, group in by_generic.items() if group[0].medicine.classes & wanted]
        for wanted in rule.groups
    ]
    seen: set[frozenset[str]] = set()
    for members in product(*candidates):
        key = frozenset(members)
        if len(key) == len(members) and key not in seen:
            seen.add(key)
            yield members


def _finding(rule: Rule, members: tuple[str, ...], by_generic: dict[str, list[Mention]]) -> Finding:
    named = " + ".join(members)
    spans: tuple[Span, ...] = tuple(by_generic[member][0].span for member in members)
    confidences = [mention.confidence for member in members for mention in by_generic[member][:1]]
    sure = [confidence for confidence in confidences if confidence is not None]
    return Finding(
        kind=Kind.INTERACTION,
        title=f"{named}: {rule.title}",
        detail=f"{rule.mechanism} {rule.advice}",
        severity=rule.severity,
        spans=tuple(dict.fromkeys(spans)),
        knowledge_release=knowledge.release(),
        confidence=min(sure) if sure else None,
        data={
            "rule": rule.id,
            "medicines": list(members),
            "mechanism": rule.mechanism,
            "advice": rule.advice,
            "source": knowledge.cite(rule.source),
            "source_url": knowledge.sources()[rule.source]["url"],
        },
    )
