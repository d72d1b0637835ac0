"""The line of a result: written for people by an import, and read back by part where the page is read.

All that a program uses of it stands on the page: what people see and what is judged are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cases.domain.documents.coded_results import CodedResult
from cases.domain.records.health_record import Statement, said
from cases.domain.records.record_pages import RESULTS, statements_under

LOINC: Final = "http://loinc.org"
_MAX_LENGTH: Final = 2000
_NUMBER = r"-?\d+(?:[.,]\d+)?"
_CODED = re.compile(r"(?P<name>.+) \[(?P<codes>[^\[\]]+)\]: (?P<told>.+)")
_UNCODED = re.compile(r"(?P<name>.+?): (?P<told>.+)")
# A unit begins with a letter, a sign of a unit or a power of ten: 1:1280, 3 to 5, 1+ and 142/88 are no number with one.
_VALUE = re.compile(
    rf"(?P<comparator><=|>=|[<>])?\s?(?P<number>{_NUMBER})"
    r"(?: ?(?P<unit>(?!(?:of|to|per|x)\b)(?:[^\W\d_]|[%‰°\[{(]|/(?! ?\d)|10[*^]).{0,60}))?"
)
_UCUM = re.compile(r"(?P<printed>.{0,200}?) \(UCUM (?P<ucum>.{1,200})\)")
_LOINC_CODE = re.compile(r"(?<!\w)LOINC (\d{1,7}-\d)(?!\w)")


def _bound(name: str) -> str:
    return rf"(?P<{name}>{_NUMBER})(?P<{name}_unit> ?[^\d\s;,()<>–-][^;,()]*?(?: \(UCUM [^;]+?\))?)?"


_RANGE = re.compile(
    rf"reference (?:{_bound('low')} ?(?:to|-|–|—|bis) ?{_bound('high')}|(?:from|>=|≥|>) ?{_bound('least')}"
    rf"|(?:up to|<=|≤|<) ?{_bound('most')})(?: \([^()]*\))?"
)
_BRACKETS = re.compile(r"\s{0,4}\[[^\[\]]{0,200}\]")
_DAY = re.compile(r"(?:issued )?(\d{4}-\d\d-\d\d)(?:T\S*)?")


#: Answers that deny what was asked or looked for, in four languages.
_DENIALS: Final = (
    "no|none|never|false|negative|absent|not detected|not present|not found|not at all|nein|negativ|kein|keine|nie|"
    "nicht nachweisbar|nicht nachgewiesen|nicht vorhanden|non|négatif|négative|absence|absent(e)|jamais|non détecté|"
    "negativo|negativa|ausente|nunca|no detectado|no detectada"
)
_DENIED: Final = frozenset(_DENIALS.split("|"))


@dataclass(frozen=True, kw_only=True)
class ResultWords:
    """The parts of a result's line as they are told. ``name`` has its codes in brackets at its end."""

    name: str
    value: str
    specimen: str = ""
    reference: str = ""
    flag: str = ""
    when: str = ""
    status: str = ""
    details: str = ""
    note: str = ""


def result_statement(told: ResultWords) -> Statement:
    """The result on one line. "Chest pain: no" says before all else that it is not."""
    answer = _BRACKETS.sub("", told.value).strip(" .").casefold()
    return Statement(_line(told), "Not found" if answer in _DENIED else "")


def _line(told: ResultWords) -> str:
    return said(
        f"{told.name}: {told.value}" if told.value else told.name,
        told.specimen and f"specimen {told.specimen}",
        told.reference,
        told.flag and f"flagged {told.flag}",
        told.details,
        told.when,
        told.status and f"status {told.status}",
        told.note and f"note: {told.note}",
    )


def coded_results(page_text: str) -> tuple[CodedResult, ...]:
    """The results with a number on a page of an imported record."""
    read = (_read(start, end, words) for start, end, words in statements_under(RESULTS, page_text))
    return tuple(one for one in read if one is not None)


def _read(start: int, end: int, words: str) -> CodedResult | None:
    if len(words) > _MAX_LENGTH:
        return None
    first, *rest = words.split("; ")
    named = _CODED.fullmatch(first) or _UNCODED.fullmatch(first)
    value = _VALUE.fullmatch(named["told"]) if named else None
    if named is None or value is None:
        return None
    codes = list(dict.fromkeys(_LOINC_CODE.findall(named.groupdict().get("codes") or "")))
    printed = (value["unit"] or "").strip()
    both = _UCUM.fullmatch(printed)
    printed, ucum = (both["printed"], both["ucum"]) if both else (printed, printed)
    low, high, range_unit = _range(_labelled(rest, "reference "))
    return CodedResult(
        start=start,
        end=end,
        system=LOINC if codes else "",
        code=" ".join(codes),
        display=named["name"],
        value=value["number"],
        comparator=value["comparator"] or "",
        unit=ucum,
        unit_printed=printed,
        low=low,
        high=high,
        range_unit="" if range_unit.casefold() in (printed.casefold(), ucum.casefold()) else range_unit,
        specimen=_labelled(rest, "specimen ").removeprefix("specimen "),
        flag=_labelled(rest, "flagged ").removeprefix("flagged "),
        status=_labelled(rest, "status ").removeprefix("status "),
        date=next((day[1] for field in rest if (day := _DAY.fullmatch(field))), ""),
        note=_labelled(rest, "note: ").removeprefix("note: "),
    )


def _labelled(fields: list[str], label: str) -> str:
    return next((field for field in fields if field.startswith(label)), "")


def _range(reference: str) -> tuple[str, str, str]:
    """The bounds and their unit; none of them where both have units, and not one."""
    found = _RANGE.fullmatch(reference)
    if found is None:
        return "", "", ""
    names = ("low_unit", "high_unit", "least_unit", "most_unit")
    units = {(found[name] or "").strip() for name in names} - {""}
    if len(units) > 1:
        return "", "", ""
    both = _UCUM.fullmatch(unit := next(iter(units), ""))
    return found["low"] or found["least"] or "", found["high"] or found["most"] or "", both["ucum"] if both else unit
