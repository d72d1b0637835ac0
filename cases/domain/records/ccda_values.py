"""The data types of HL7 V3 (CDA R2) in words."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from cases.domain.records.ccda_narrative import V3, Narrative, words
from cases.domain.records.health_record import listed

_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SYSTEMS: Final = {
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.96": "SNOMED CT",
    "2.16.840.1.113883.6.3": "ICD-10",
    "2.16.840.1.113883.6.90": "ICD-10-CM",
    "1.2.276.0.76.5.409": "ICD-10-GM",
    "2.16.840.1.113883.6.88": "RxNorm",
    "2.16.840.1.113883.6.73": "ATC",
}
_MAX_CODES: Final = 4
NO_VALUE: Final = "no value given"


def path(names: str) -> str:
    """A path of element names in the V3 namespace."""
    return "/".join(V3 + name for name in names.split("/"))


def first(element: Element | None, names: str) -> Element | None:
    """The first element at a path, if any."""
    return element.find(path(names)) if element is not None else None


def attribute(element: Element | None, name: str) -> str:
    """An attribute; empty where there is none."""
    return (element.get(name) or "").strip() if element is not None else ""


def coded(code: Element | None, narrative: Narrative) -> str:
    """A code's words and, of systems that have a name, the codes; also those of its translations."""
    if code is None:
        return ""
    every = [one for one in (code, *code.findall(path("translation"))) if not one.get("nullFlavor")]
    said = attribute(code, "displayName") if not code.get("nullFlavor") else ""
    told = said or narrative.words_in(first(code, "originalText"))
    told = told or next(filter(None, (attribute(one, "displayName") for one in every)), "")
    named = [
        f"{_SYSTEMS[attribute(one, 'codeSystem')]} {attribute(one, 'code')}"
        for one in every
        if attribute(one, "codeSystem") in _SYSTEMS and one.get("code")
    ]
    codes = listed(dict.fromkeys(named[:_MAX_CODES]))
    told = " ".join(told.replace("]:", "] -").split())
    return f"{told} [{codes}]" if told and codes else told or codes


def bare(code: Element | None, narrative: Narrative) -> str:
    """A code's words alone, or the code where it has none."""
    if code is None:
        return ""
    display = attribute(code, "displayName")
    return (
        display or narrative.words_in(first(code, "originalText")) or coded(code, narrative) or attribute(code, "code")
    )


def value_words(value: Element | None, narrative: Narrative) -> str:
    """A value of any type; ``NO_VALUE`` where it is said that there is none, nothing for what is not understood."""
    if value is None:
        return ""
    kind = value.get(_TYPE, "").rpartition(":")[2]
    if value.get("nullFlavor"):
        return amount(value) or coded(value, narrative) or NO_VALUE
    if kind in ("PQ", "INT", "REAL", "MO", "TS"):
        return amount(value) if kind != "TS" else day_words(attribute(value, "value"))
    if kind.startswith("RTO"):
        return _ratio(value)
    if kind == "BL":
        return {"true": "yes", "false": "no"}.get(attribute(value, "value"), "")
    if kind in ("IVL_PQ", "IVL_INT", "IVL_REAL"):
        return interval(value)
    if kind == "IVL_TS":
        return time_words(value)
    return coded(value, narrative) or narrative.words_in(value) or amount(value)


def amount(one: Element | None) -> str:
    """A number with its unit; where the unit is none of UCUM's, as its translation says it."""
    number, unit = attribute(one, "value"), attribute(one, "unit")
    if number:
        unit = unit or words(first(one, "originalText"))
        return f"{number} {'' if unit == '1' else unit}".strip()
    translations = one.findall(path("translation")) if one is not None else []
    return next(filter(None, map(amount, translations)), "")


def _ratio(value: Element) -> str:
    above, below = amount(first(value, "numerator")), amount(first(value, "denominator"))
    if not above or not below:
        return ""
    return f"{above}:{below}" if " " not in above and " " not in below else f"{above} per {below}"


def interval(value: Element) -> str:
    """Two bounds as a range, one as a comparison: what lies above 1000 is ``>1000``."""
    low, high = first(value, "low"), first(value, "high")
    ends = [amount(low), amount(high)]
    if all(ends):
        return f"{ends[0]} to {ends[1]}"
    if ends[0]:
        return (">" if attribute(low, "inclusive") == "false" else ">=") + ends[0]
    if ends[1]:
        return ("<" if attribute(high, "inclusive") == "false" else "<=") + ends[1]
    return amount(value) or amount(first(value, "center"))


def range_words(value: Element | None) -> str:
    """A reference range."""
    if value is None:
        return ""
    low, high = amount(first(value, "low")), amount(first(value, "high"))
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""


def time_words(time: Element | None) -> str:
    """A time or an interval of time."""
    if time is None:
        return "no date given"
    if attribute(time, "value"):
        return day_words(attribute(time, "value"))
    ends = [day_words(attribute(first(time, end), "value")) for end in ("low", "high")]
    if not any(ends):
        return "no date given"
    return f"from {ends[0] or 'unknown'}" + (f" to {ends[1]}" if ends[1] else "")


def day_words(written: str) -> str:
    """An HL7 time (YYYYMMDD…) as far as it says a day; anything else as it is written."""
    found = re.match(r"(\d{4})(?:(\d\d)(?:(\d\d))?)?", written)
    return "-".join(part for part in found.groups() if part) if found else written


def has_ended(times: list[Element], today: date) -> bool:
    """Whether one of the intervals has an end, and it is past."""
    ends = [day_words(attribute(first(time, "high"), "value")) for time in times]
    return any(end and end < today.isoformat()[: len(end)] for end in ends)
