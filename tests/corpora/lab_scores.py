"""How well the engine reads laboratory pages of known truth: five fields at once, criticals, by layout and language."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from analysis.domain.findings import Finding, Kind
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.laboratory.catalogue import normal_name
from analysis.domain.spans import SourcePage
from analysis.domain.subject import Subject

FIELDS = ("name", "value", "unit", "range", "flag")
_SEXES = {"M": "male", "F": "female"}
_SPACES = re.compile(r"[\s\u202f\u2009\u00a0]+")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page of a corpus as it was read, with its truth."""

    id: str
    layout: str
    language: str
    subject: Subject
    pages: tuple[SourcePage, ...]
    results: tuple[Mapping[str, Any], ...]


@dataclass
class Score:
    """Counts; ``wrong`` tells which fields of found results were wrong."""

    truths: int = 0
    found: int = 0
    right: int = 0
    missed: int = 0
    invented: int = 0
    critical_truths: int = 0
    critical_found: int = 0
    critical_right: int = 0
    critical_known: int = 0
    critical_known_right: int = 0
    histories: int = 0
    histories_right: int = 0
    dates: int = 0
    dates_right: int = 0
    not_read: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def f1(self) -> float:
        """Of all five fields at once."""
        return 2 * self.right / max(self.truths + self.found, 1)

    def add(self, other: Score) -> None:
        """Counts another one in."""
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                self.wrong.update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


def subject_of(patient: Mapping[str, str], day: str) -> Subject:
    """Sex and age on the day of the sheet."""
    born, when = date.fromisoformat(patient["birth"][:10]), date.fromisoformat(day[:10])
    age = when.year - born.year - ((when.month, when.day) < (born.month, born.day))
    return Subject(sex=_SEXES.get(patient["sex"]), age_years=age)


def read(sheet: Sheet) -> list[Finding]:
    """What the engine finds."""
    return laboratory_findings(sheet.pages, sheet.subject)


def scored(sheet: Sheet, findings: Iterable[Finding], *, told: list[str] | None = None) -> Score:
    """Compares findings with the truth; ``told`` hears of every difference."""
    results = [finding for finding in findings if finding.kind is Kind.LABORATORY]
    score = Score(truths=len(sheet.results), found=len(results))
    score.not_read = sum(finding.kind is Kind.NOT_READ for finding in findings)
    left = list(results)
    pairs: list[tuple[Mapping[str, Any], Finding | None]] = []
    for strict in (3, 2, 1, 0):
        for truth in sheet.results:
            if any(known is truth for known, _ in pairs):
                continue
            match = next((one for one in left if _alike(truth, one) > strict), None)
            if match is not None:
                left.remove(match)
                pairs.append((truth, match))
    alternatives = [one for one in left if any(_alternative(truth, one) for truth in sheet.results)]
    left = [one for one in left if one not in alternatives]
    score.found -= len(alternatives)
    matched = {id(truth): one for truth, one in pairs}
    for truth in sheet.results:
        _count(score, sheet, truth, matched.get(id(truth)), told)
    score.invented = len(left)
    if told is not None:
        told += [f"{sheet.id}: invented {one.title!r} from {one.spans[0].quote!r}" for one in left]
    score.critical_found += sum(bool(one.data["critical"]) for one in results if one not in alternatives)
    return score


def _alike(truth: Mapping[str, Any], finding: Finding) -> int:
    named = _name(truth["name"]) == _name(finding.data["name"])
    partly = (
        named
        or _name(truth["name"]) in _name(finding.data["name"])
        or _name(finding.data["name"]) in _name(truth["name"])
    )
    if not partly:
        return 0
    valued = _value(truth["value"]) == _value(finding.data["value"])
    unit = _unit(truth["unit"]) == _unit(finding.data["unit"])
    return 1 + (1 if unit or named else 0) + (1 if valued else 0) + (1 if named and unit else 0)


def _alternative(truth: Mapping[str, Any], finding: Finding) -> bool:
    other = truth.get("alt") or truth.get("also")
    values = [other] if isinstance(other, Mapping) else list(other or [])
    return any(
        _value(str(each.get("value", ""))) == _value(finding.data["value"])
        for each in values
        if isinstance(each, Mapping)
    )


def _count(
    score: Score, sheet: Sheet, truth: Mapping[str, Any], finding: Finding | None, told: list[str] | None
) -> None:
    score.critical_truths += bool(truth["critical"])
    if finding is None:
        score.missed += 1
        if told is not None:
            told.append(f"{sheet.id}: missed {truth['name']!r} {truth['value']!r} {truth['unit']!r}")
        return
    faults = [name for name in FIELDS if not _right(name, truth, finding)]
    score.right += not faults
    score.wrong.update(faults)
    score.critical_right += bool(truth["critical"] and finding.data["critical"])
    score.histories += len(truth["history"])
    own = {_value(one["value"]) for one in finding.data.get("history", [])}
    score.histories_right += sum(_value(one["value"]) in own for one in truth["history"])
    if finding.data.get("date"):
        score.dates += 1
        score.dates_right += finding.data["date"] == truth["date"][:10]
    if told is not None and faults:
        told.append(f"{sheet.id}: wrong {faults}: {_shown(finding)} for {_wanted(truth)} | {finding.data['abstained']}")
    if told is not None and bool(truth["critical"]) != bool(finding.data["critical"]):
        told.append(f"{sheet.id}: critical {truth['critical']}, found {finding.data['critical']!r}: {finding.title}")


def _shown(finding: Finding) -> dict[str, Any]:
    names = ("name", "value", "unit", "low", "high", "flag", "flag_printed", "reference_printed")
    return {name: finding.data[name] for name in names} | {"doubt": finding.data.get("doubt", "")}


def _wanted(truth: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: truth.get(name) for name in ("name", "value", "unit", "range_low", "range_high", "flag", "range_text")
    }


def _right(name: str, truth: Mapping[str, Any], finding: Finding) -> bool:
    data = finding.data
    if name == "name":
        return _name(truth["name"]) == _name(data["name"])
    if name == "value":
        return (
            _value(truth["value"]) == _value(data["value"])
            and (truth["number"] is None or not data["number"] or _number(truth["number"]) == _number(data["number"]))
            and (truth["number"] is None or bool(data["number"]))
        )
    if name == "unit":
        return _unit(truth["unit"]) == _unit(data["unit"])
    if name == "range":
        if truth["range_low"] is None and truth["range_high"] is None:
            return not data["low"] and not data["high"]
        return _number(truth["range_low"]) == _number(data["low"]) and _number(truth["range_high"]) == _number(
            data["high"]
        )
    # The truth knows no range but the printed one: what the catalogue says beside it is not compared.
    flag = (data["flag"] if data["flag_basis"] == "printed" else "") or data["flag_printed"]
    return (truth["flag"] or "") == {"*": "A"}.get(flag, flag) or (
        truth["flag"] in ("H", "L") and data["flag"] == "" and flag == "*"
    )


def _name(text: str) -> str:
    return normal_name(re.sub(r"[*†‡¹²³#]", "", text)).strip("+")


def _value(text: str) -> str:
    text = _SPACES.sub("", text).replace("'", "").replace("’", "").casefold()
    return text.replace("≤", "<=").replace("≥", ">=")


def _unit(text: str) -> str:
    text = _SPACES.sub("", text).casefold().replace("μ", "u").replace("µ", "u").replace("×", "x")
    for raised, plain in (("⁹", "9"), ("¹²", "12"), ("³", "3"), ("⁶", "6"), ("²", "2")):
        text = text.replace(raised, plain)
    return text.replace("^", "").replace("*", "").strip("()[].")


def _number(text: str | None) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def table(scores: Mapping[str, Score]) -> str:
    """One line for each key."""
    lines = [
        "key: truths, found, right, F1, missed, invented | criticals true/found/right | history | dates | not read"
    ]
    for key, score in scores.items():
        wrong = " ".join(f"{name} {count}" for name, count in score.wrong.most_common())
        counts = f"{score.truths:6} {score.found:5} {score.right:5} {score.f1:.3f} {score.missed:5} {score.invented:5}"
        lines.append(
            f"{key:12} {counts} | {score.critical_truths}/{score.critical_found}/{score.critical_right}"
            f" | {score.histories_right}/{score.histories} | {score.dates_right}/{score.dates} | {score.not_read}"
            f" | wrong: {wrong}"
        )
    return "\n".join(lines)


def summed(scored_sheets: Sequence[tuple[Sheet, Score]]) -> tuple[dict[str, Score], dict[str, Score], Score]:
    """By layout, by language, and all."""
    layouts: dict[str, Score] = defaultdict(Score)
    languages: dict[str, Score] = defaultdict(Score)
    whole = Score()
    for sheet, score in scored_sheets:
        for target in (layouts[sheet.layout], languages[sheet.language], whole):
            target.add(score)
    return dict(layouts), dict(languages), whole
