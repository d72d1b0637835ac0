"""What a language model may claim, checked before anybody sees it. A claim without a true quote is dropped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.spans import SourcePage, Span, span_of, verifies

MAX_CLAIMS = 40
CLAIMABLE = (Kind.LABORATORY, Kind.MEDICINE, Kind.INTERACTION, Kind.RED_FLAG)
_TEXTS = {"title": 160, "detail": 600, "quote": 400}
_FIELDS: dict[str, dict[str, Any]] = {
    "kind": {"type": "string", "enum": [kind.value for kind in CLAIMABLE]},
    "severity": {"type": "string", "enum": [severity.value for severity in Severity]},
    "title": {"type": "string"},
    "detail": {"type": "string"},
    "document_id": {"type": "string"},
    "page": {"type": "integer"},
    "start": {"type": "integer"},
    "end": {"type": "integer"},
    "quote": {"type": "string"},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["claims"],
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(_FIELDS),
                "properties": _FIELDS,
            },
        }
    },
}


class BadAnswer(ValueError):
    """The answer as a whole is not what was asked for; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The claims that hold, and how many were dropped by reason."""

    findings: tuple[Finding, ...]
    dropped: Mapping[str, int]

    @property
    def dropped_count(self) -> int:
        """How many claims were dropped."""
        return sum(self.dropped.values())


def check_answer(
    text: str,
    *,
    masked: Sequence[SourcePage],
    original: Sequence[SourcePage],
    local: Sequence[Finding],
    engine: str,
    release: str,
) -> Checked:
    """Validate an answer against ``SCHEMA`` and each claim against the text that was sent (``masked``).

    Masking keeps every offset, so that a span that holds in ``masked`` is shown with its quote from ``original``.
    Raises ``BadAnswer`` when the answer is not the JSON that was asked for.
    """
    facts = _facts(local)
    kept: list[Finding] = []
    dropped: dict[str, int] = {}
    for claim in _claims(text):
        reason, span = _fault(claim, masked, facts)
        if reason or span is None:
            dropped[reason] = dropped.get(reason, 0) + 1
            continue
        kept.append(_finding(claim, span, original, engine, release))
    return Checked(tuple(kept), dropped)


def merge(local: Sequence[Finding], claimed: Iterable[Finding]) -> tuple[Finding, ...]:
    """The local findings, unchanged and first, then what is new: not said yet, or said with less severity."""
    merged = list(local)
    for claim in claimed:
        if not any(_said(known, claim) for known in merged):
            merged.append(claim)
    return tuple(merged)


def _said(known: Finding, claim: Finding) -> bool:
    if known.kind is not claim.kind or known.severity.rank < claim.severity.rank:
        return False
    return any(_overlap(left, right) for left in known.spans for right in claim.spans)


def _overlap(left: Span, right: Span) -> bool:
    same = (left.document_id, left.page) == (right.document_id, right.page)
    return same and left.start < right.end and right.start < left.end


def _claims(text: str) -> list[Mapping[str, Any]]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise BadAnswer("the answer is not JSON") from fault
    if not isinstance(answer, dict) or set(answer) != {"claims"} or not isinstance(answer["claims"], list):
        raise BadAnswer("the answer is not an object with claims")
    if len(answer["claims"]) > MAX_CLAIMS:
        raise BadAnswer("the answer holds too many claims")
    if not all(isinstance(claim, dict) for claim in answer["claims"]):
        raise BadAnswer("a claim is not an object")
    return answer["claims"]


def _fault(claim: Mapping[str, Any], masked: Sequence[SourcePage], facts: frozenset[str]) -> tuple[str, Span | None]:
    if not _well_formed(claim):
        return "schema", None
    try:
        document_id = UUID(claim["document_id"])
    except ValueError:
        return "schema", None
    span = Span(document_id, claim["page"], claim["start"], claim["end"], claim["quote"])
    if not verifies(span, masked):
        return "span", None
    said = _numbers(f"{claim['title']} {claim['detail']}")
    if not said <= (facts | _numbers(span.quote)):
        return "number", None
    return "", span


def _well_formed(claim: Mapping[str, Any]) -> bool:
    if set(claim) != set(_FIELDS):
        return False
    for name, rule in _FIELDS.items():
        value = claim[name]
        if rule["type"] == "integer" and (not isinstance(value, int) or isinstance(value, bool)):
            return False
        if rule["type"] == "string" and (not isinstance(value, str) or len(value) > _TEXTS.get(name, 100)):
            return False
        if "enum" in rule and value not in rule["enum"]:
            return False
    return bool(claim["title"].strip())


def _finding(
    claim: Mapping[str, Any], span: Span, original: Sequence[SourcePage], engine: str, release: str
) -> Finding:
    page = next(page for page in original if (page.document_id, page.number) == (span.document_id, span.page))
    return Finding(
        kind=Kind(claim["kind"]),
        title=claim["title"].strip(),
        detail=claim["detail"].strip(),
        severity=Severity(claim["severity"]),
        spans=(span_of(page, span.start, span.end),),
        knowledge_release=release,
        confidence=None,
        data=_data(claim),
        engine=engine,
    )


def _data(claim: Mapping[str, Any]) -> dict[str, Any]:
    """A model's claim is never a structured value: only our own parser fills laboratory fields."""
    return {"claimed": True, "unverified": True, "claimed_severity": claim["severity"]}


def _facts(local: Sequence[Finding]) -> frozenset[str]:
    found: set[str] = set()
    for finding in local:
        found |= _numbers(finding.title) | _numbers(finding.detail)
    return frozenset(found)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(match.replace(",", ".") for match in re.findall(r"\d+(?:[.,]\d+)?", text))
