"""The data types of FHIR (https://hl7.org/fhir/R4/datatypes.html) in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cases.domain.records.health_record import listed

Resource = Mapping[str, Any]
UCUM: Final = "http://unitsofmeasure.org"
_SYSTEMS: Final = {
    "http://loinc.org": "LOINC",
    "http://www.loinc.org": "LOINC",
    "urn:oid:2.16.840.1.113883.6.1": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": "ICD-10-GM",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://www.whocc.no/atc": "ATC",
    "http://fhir.de/CodeSystem/bfarm/atc": "ATC",
    "http://fhir.de/CodeSystem/ifa/pzn": "PZN",
}
_OWN_WORDS: Final = ("http://terminology.hl7.org/", "http://hl7.org/fhir/")
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def mapping(value: Any) -> Resource:
    """The value, if it is an object."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The value, if it is a list; a single object as a list of one, as releases differ in what may be repeated."""
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """A text or number as it is written; nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return number(value) if not isinstance(value, str) else " ".join(value.split())


def number(value: Any) -> str:
    """A number in all its digits and without an exponent: 2.5E5 is 250000, 7.0 stays 7.0."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return text(value) if isinstance(value, str) else ""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{exact:f}" if exact.is_finite() and abs(exact.adjusted()) < 40 else str(value)


def concept(value: Any) -> str:
    """The words and the codes of a CodeableConcept, of R5's CodeableReference, or a code as it is written."""
    if isinstance(value, str):
        return text(value)
    one = mapping(value)
    if isinstance(one.get("concept"), dict):
        one = one["concept"]
    codings = [mapping(each) for each in sequence(one.get("coding"))]
    words = text(one.get("text")) or next((text(each["display"]) for each in codings if each.get("display")), "")
    codes = [(_system(text(each.get("system"))), text(each.get("code"))) for each in codings if each.get("code")]
    if not words:
        return listed([f"{system} {code}".strip() for system, code in codes]) or _absent(one)
    # Beside words, a code of no system says nothing more.
    named = [f"{system} {code}" for system, code in dict.fromkeys(codes) if system]
    words = words.replace("]:", "] -")
    return f"{words} [{listed(named)}]" if named else words


def bare_concept(value: Any) -> str:
    """The words of a concept without its codes."""
    one = mapping(value)
    one = mapping(one.get("concept")) or one
    displays = (text(mapping(each).get("display")) for each in sequence(one.get("coding")))
    return text(one.get("text")) or next(filter(None, displays), "") or concept(value)


def codes_of(value: Any) -> frozenset[str]:
    """The codes of a concept or of several, or the code itself where a release writes it so; in lower case."""
    if isinstance(value, str):
        return frozenset({value.strip().lower()})
    if isinstance(value, list):
        return frozenset(code for each in value for code in codes_of(each))
    one = mapping(value)
    one = mapping(one.get("concept")) or one
    found = {text(mapping(each).get("code")).lower() for each in sequence(one.get("coding"))} - {""}
    return frozenset(found or {text(one.get("text")).lower()} - {""})


def quantity(value: Any) -> str:
    """``<0.01 ng/mL``; the UCUM unit is told where the words for it are others."""
    one = mapping(value)
    amount = number(one.get("value"))
    if not amount:
        return ""
    comparator = text(one.get("comparator"))
    code = text(one.get("code")) if text(one.get("system")) == UCUM else ""
    unit = text(one.get("unit")) or text(one.get("code"))
    if code and code != unit:
        unit = f"{unit} (UCUM {code})"
    return f"{comparator if comparator in ('<', '<=', '>', '>=') else ''}{amount} {unit}".strip()


def span(value: Any) -> str:
    """A Range."""
    one = mapping(value)
    low, high = quantity(one.get("low")), quantity(one.get("high"))
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""


def ratio(value: Any) -> str:
    """A Ratio: a titre where neither side has a unit (1:1280)."""
    one = mapping(value)
    above, below = quantity(one.get("numerator")), quantity(one.get("denominator"))
    if not above or not below:
        return ""
    return f"{above}:{below}" if " " not in above and " " not in below else f"{above} per {below}"


def period(value: Any) -> str:
    """A Period; "no date given" where neither end is."""
    one = mapping(value)
    start, end = text(one.get("start")), text(one.get("end"))
    if not start and not end:
        return ""
    return f"from {start or 'unknown'}" + (f" to {end}" if end else "")


def when(one: Resource, stems: tuple[str, ...], otherwise: tuple[str, ...] = ()) -> str:
    """The time of a resource: ``onset`` stands for onsetDateTime, onsetPeriod, onsetAge …"""
    for stem in stems:
        found = period(one.get(f"{stem}Period")) or span(one.get(f"{stem}Range"))
        age = quantity(one.get(f"{stem}Age"))
        for kind in ("DateTime", "Instant", "String", "Date"):
            found = found or text(one.get(stem + kind))
        if found or age:
            return found or f"at the age of {age}"
    return next((text(one[name]) for name in otherwise if text(one.get(name))), "") or "no date given"


def day(written: Any) -> date | None:
    """The day of a dateTime as its own clock shows it; of a month or year nothing."""
    try:
        return date.fromisoformat(text(written)[:10])
    except ValueError:
        return None


def has_passed(written: Any, today: date) -> bool:
    """Whether a date, a month or a year lies wholly before today."""
    told = text(written)[:10]
    return bool(told) and told < today.isoformat()[: len(told)]


def notes(one: Resource) -> str:
    """The notes on a resource, and the comment of older releases."""
    told = [text(mapping(each).get("text")) for each in sequence(one.get("note"))]
    return listed([*told, text(one.get("comments") or one.get("comment"))])


def extensions(one: Resource) -> Iterator[Resource]:
    """The extensions of an element."""
    return (mapping(each) for each in sequence(one.get("extension")))


def absent_reason(one: Resource, name: str) -> str:
    """Why a primitive element is not given (``_name`` beside ``name``)."""
    return _absent(mapping(one.get(f"_{name}")))


def _absent(one: Resource) -> str:
    found = (text(each.get("valueCode")) for each in extensions(one) if each.get("url") == _ABSENT)
    return next((f"not given ({reason})" for reason in found), "")


def _system(address: str) -> str:
    """What a code is of: its name, or else its address; nothing for FHIR's own words, such as ``active``."""
    plain = address.replace("https://", "http://", 1).rstrip("/")
    return _SYSTEMS.get(plain, "" if plain.startswith(_OWN_WORDS) else address)
