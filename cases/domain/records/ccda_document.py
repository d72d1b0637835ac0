"""A C-CDA document (HL7 CDA R2, Consolidated CDA 2.1) as a health record: what its coded entries say.

Sections are known by their LOINC code. Of a section without coded entries that are understood, the words for people
(``text``) are taken over as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from cases.domain.records.fhir_bundle import UnfitRecord
from cases.domain.records.health_record import HealthRecord, said

_V3 = "{urn:hl7-org:v3}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SECTIONS: Final = {
    "11450-4": "Diagnoses",
    "10160-0": "Medicines",
    "48765-2": "Allergies",
    "30954-2": "Findings and measurements",
    "8716-3": "Findings and measurements",
    "47519-4": "Procedures",
}
_SYSTEMS: Final = {
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.96": "SNOMED CT",
    "2.16.840.1.113883.6.3": "ICD-10",
    "2.16.840.1.113883.6.90": "ICD-10-CM",
    "2.16.840.1.113883.6.88": "RxNorm",
}
_SEXES: Final = {"M": "male", "F": "female", "UN": "other"}
_STATEMENTS: Final = ("observation", "substanceAdministration", "procedure")


def read_ccda(root: Element) -> HealthRecord:
    """The record of the document's patient. Raises UnfitRecord."""
    if root.tag != f"{_V3}ClinicalDocument":
        raise UnfitRecord("Send a C-CDA document: its root is ClinicalDocument of urn:hl7-org:v3.")
    patients = root.findall(_path("recordTarget/patientRole"))
    if len(patients) != 1:
        raise UnfitRecord(f"The document names {len(patients)} patients; send the record of one.")
    title = _words(root.find(_path("title"))) or "without a title"
    record = HealthRecord(source=f"a C-CDA document ({title}; {_time(root.find(_path('effectiveTime')))})")
    record.patient = _patient(patients[0])
    for section in root.iter(f"{_V3}section"):
        _section(record, section)
    if not record.read:
        raise UnfitRecord("The document has no section that can be imported.")
    return record


def _section(record: HealthRecord, section: Element) -> None:
    code, title = section.find(_path("code")), _words(section.find(_path("title"))) or "Section without a title"
    known = _SECTIONS.get(code.get("code", "") if code is not None else "")
    told = [_line(one) for one in _statements(section)] if known else []
    lines = [line for line in told if line]
    if lines and len(lines) < len(told):
        record.left_out[f"statement of “{title[:60]}” (not understood)"] += len(told) - len(lines)
    for line in lines:
        record.add(known or title, known or title, line)
    if not lines and (text := _words(section.find(_path("text")))):
        record.add("section as words", title, text)
    elif not lines:
        record.left_out[f"section “{title[:60]}” (empty)"] += 1


def _statements(section: Element) -> Iterator[Element]:
    """Every statement, also those inside acts and organizers, but for those that only qualify another."""
    # Sections may hold sections, which are read by themselves.
    inside = ((entry, name) for entry in section.findall(_path("entry")) for name in _STATEMENTS)
    for entry, name in inside:
        for one in entry.iter(_V3 + name):
            code = one.find(_path("code"))
            if code is None or code.get("code") not in _QUALIFIERS:
                yield one


# Severity, status, age at onset, health status.
_QUALIFIERS: Final = frozenset({"SEV", "33999-4", "445518008", "11323-3"})


def _line(one: Element) -> str:
    code = one.find(_path("code"))
    if one.tag == f"{_V3}substanceAdministration":
        code = one.find(_path("consumable/manufacturedProduct/manufacturedMaterial/code"))
    agent = one.find(_path("participant/participantRole/playingEntity/code"))
    name, value = _coded(agent) or _coded(code), _value(one.find(_path("value")))
    told = f"{name}: {value}" if name and value else name or value
    if not told:
        return ""
    return said(
        ("NOT: " if one.get("negationInd") == "true" else "") + told,
        _dose(one.find(_path("doseQuantity"))),
        _reference(one),
        _time(one.find(_path("effectiveTime"))),
        _status(one.find(_path("statusCode"))),
    )


def _value(value: Element | None) -> str:
    if value is None:
        return ""
    if value.get("nullFlavor"):
        return "no value given"
    kind = value.get(_TYPE, "").rpartition(":")[2]
    if kind in ("PQ", "INT", "REAL"):
        return f"{value.get('value', '')} {value.get('unit', '')}".strip()
    if kind == "IVL_PQ":
        return _interval(value)
    return _coded(value) or _words(value)


def _interval(value: Element) -> str:
    low, high = (value.find(_path(end)) for end in ("low", "high"))
    ends = [f"{end.get('value', '')} {end.get('unit', '')}".strip() if end is not None else "" for end in (low, high)]
    return f"{ends[0]} to {ends[1]}" if all(ends) else f"from {ends[0]}" if ends[0] else f"up to {ends[1]}"


def _reference(one: Element) -> str:
    found = one.find(_path("referenceRange/observationRange"))
    if found is None:
        return ""
    told = _value(found.find(_path("value"))) or _words(found.find(_path("text")))
    return f"reference {told}" if told else ""


def _dose(dose: Element | None) -> str:
    return (
        f"dose {dose.get('value', '')} {dose.get('unit', '')}".strip() if dose is not None and dose.get("value") else ""
    )


def _coded(code: Element | None) -> str:
    """A code's words and, for a system that has a name, the code."""
    if code is None or code.get("nullFlavor"):
        return _words(code.find(_path("originalText"))) if code is not None else ""
    words = code.get("displayName") or _words(code.find(_path("originalText")))
    system = _SYSTEMS.get(code.get("codeSystem", ""))
    named = f"{system} {code.get('code')}" if system and code.get("code") else ""
    return f"{words} [{named}]" if words and named else words or named


def _patient(role: Element) -> list[str]:
    name = role.find(_path("patient/name"))
    parts = [
        _words(each) for tag in ("given", "family") for each in (name.findall(_path(tag)) if name is not None else [])
    ]
    lines = [f"Patient: {' '.join(filter(None, parts))}"] if any(parts) else []
    born, sex = role.find(_path("patient/birthTime")), role.find(_path("patient/administrativeGenderCode"))
    if born is not None and born.get("value"):
        lines.append(f"Date of birth: {_day(born.get('value', ''))}")
    if sex is not None and sex.get("code") in _SEXES:
        lines.append(f"Sex: {_SEXES[sex.get('code', '')]}")
    return lines


def _time(time: Element | None) -> str:
    if time is None:
        return "no date given"
    if time.get("value"):
        return _day(time.get("value", ""))
    low, high = (time.find(_path(end)) for end in ("low", "high"))
    ends = [_day(end.get("value", "")) if end is not None else "" for end in (low, high)]
    if not any(ends):
        return "no date given"
    return f"from {ends[0] or 'unknown'}" + (f" to {ends[1]}" if ends[1] else "")


def _day(written: str) -> str:
    """An HL7 time (YYYYMMDD…) as far as it says a day; anything else as it is written."""
    found = re.match(r"(\d{4})(?:(\d\d)(?:(\d\d))?)?", written)
    return "-".join(part for part in found.groups() if part) if found else written


def _status(status: Element | None) -> str:
    return f"status {status.get('code')}" if status is not None and status.get("code") else ""


def _words(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _path(names: str) -> str:
    return "/".join(_V3 + name for name in names.split("/"))
