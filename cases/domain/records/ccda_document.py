"""A C-CDA document (HL7 CDA R2, Consolidated CDA 2.1) as a health record: what its coded entries say.

Sections are known by their LOINC code. Of a section without coded entries that are understood, the words for people
(``text``) are taken over row by row.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from cases.domain.records.ccda_narrative import V3, Narrative, rows, words
from cases.domain.records.ccda_reader import Reader
from cases.domain.records.ccda_statements import statements, tell, untold_parts
from cases.domain.records.ccda_values import attribute, day_words, first, path, time_words
from cases.domain.records.health_record import ENDINGS, Attachment, HealthRecord, Statement, UnfitRecord, decoded
from cases.domain.records.record_pages import NOT_IMPORTED, RESULTS

#: Sections by LOINC code, and the heading under which they are told.
_SECTIONS: Final = {
    "11450-4": "Diagnoses",
    "11348-0": "Diagnoses",
    "10160-0": "Medicines",
    "10183-2": "Medicines",
    "48765-2": "Allergies",
    "30954-2": RESULTS,
    "8716-3": RESULTS,
    "47519-4": "Procedures",
}
_PAST_ILLNESSES: Final = "11348-0"
#: Told in their words under a heading that keeps them apart from the patient's own.
_AS_WORDS: Final = {"10157-6": "Family history"}
_OVER: Final = {
    "Medicines": "Not current ({}), not taken",
    "Diagnoses": "Past ({}), history of",
    "Allergies": "Past allergy ({})",
}
_SEXES: Final = {"M": "male", "F": "female", "UN": "other"}
_MAX_TITLE: Final = 60


def read_ccda(root: Element, *, today: date) -> HealthRecord:
    """The record of the document's patient. ``today`` tells what is over from what is not. Raises UnfitRecord."""
    if root.tag != f"{V3}ClinicalDocument":
        raise UnfitRecord("Send a C-CDA document: its root is ClinicalDocument of urn:hl7-org:v3.")
    patients = root.findall(path("recordTarget/patientRole"))
    if len(patients) != 1:
        raise UnfitRecord(f"The document names {len(patients)} patients; send the record of one.")
    title = words(first(root, "title"))[:_MAX_TITLE] or "without a title"
    record = HealthRecord(source=f"a C-CDA document ({title}; {time_words(first(root, 'effectiveTime'))})")
    record.patient = _patient(patients[0])
    sex = attribute(first(patients[0], "patient/administrativeGenderCode"), "code")
    reader = Reader(narrative=Narrative(root), today=today, sex=sex)
    for number, section in enumerate(root.iter(f"{V3}section"), start=1):
        _section(record, section, number, reader)
    for body in root.iter(f"{V3}nonXMLBody"):
        _whole_file(record, first(body, "text"))
    if not record.read:
        raise UnfitRecord("The document has no section that can be imported.")
    return record


def _whole_file(record: HealthRecord, text: Element | None) -> None:
    """A document that is a file as a whole: a letter as PDF, a picture, plain text."""
    media_type, kind = attribute(text, "mediaType").lower() or "text/plain", "body of the document"
    if attribute(text, "representation") != "B64":
        told = words(text)
        if told and media_type == "text/plain":
            record.add("section as words", "Document", Statement(told))
        else:
            record.leave_out(kind, "only its address is given, or a form that is not read", "nonXMLBody")
    elif media_type not in ENDINGS:
        record.leave_out(kind, "of a type that is not read", "nonXMLBody")
    else:
        name = f"document.{ENDINGS[media_type]}"
        record.attachments.append(Attachment(name, media_type, decoded(words(text))))
        record.read[kind] += 1


def _section(record: HealthRecord, section: Element, number: int, reader: Reader) -> None:
    code = attribute(first(section, "code"), "code")
    title = words(first(section, "title"))[:_MAX_TITLE] or "Section without a title"
    place = f"section {number} ({title})"
    if attribute(section, "nullFlavor") in ("", "NI", "UNK") and attribute(section, "negationInd") != "true":
        known = _SECTIONS.get(code, "")
        if known and _told(record, section, known, title, place, reader, past=code == _PAST_ILLNESSES):
            return
        heading = known or _AS_WORDS.get(code) or _fit(title)
        text = first(section, "text")
        told = [_row(row, over, heading) for row, over in rows(text)] if text is not None else []
        if told:
            record.add("section as words", heading, *told)
            if not known:
                for entry, _ in enumerate(section.findall(path("entry")), start=1):
                    record.leave_out(
                        f"coded entry of “{title}”", "told in the section's words", f"{place}, entry {entry}"
                    )
            return
    record.leave_out(f"section “{title}”", "empty", place)


def _told(
    record: HealthRecord, section: Element, heading: str, title: str, place: str, reader: Reader, *, past: bool
) -> bool:
    """Whether the section has statements that are taken over; those that are not are counted."""
    any_told = False
    for number, entry in enumerate(section.findall(path("entry")), start=1):
        for found in statements(entry, reader):
            told, where = tell(found, heading, reader), f"{place}, entry {number}"
            if told.statement is None:
                record.leave_out(f"statement of “{title}”", told.why_not, where)
                any_told = any_told or told.why_not in _VOID
                continue
            statement = told.statement
            if past and not statement.lead:
                statement = Statement(statement.words, "Past, history of")
            record.add(heading, heading, statement)
            any_told = True
            for part in (*told.lost, *untold_parts(found)):
                record.leave_out(f"statement of “{title}”", part, where)
    return any_told


#: Whoever reads the section's words instead would read as said what is void.
_VOID: Final = frozenset({"entered in error", "result cancelled", "result aborted", "result held", "result suspended"})


def _row(row: str, over: str, heading: str) -> Statement:
    return Statement(row, _OVER[heading].format(over.lower()) if over and heading in _OVER else "")


def _fit(title: str) -> str:
    """A section's title as a heading: never taken for one of ours, nor for a statement."""
    plain = title.lstrip("-… ") or "Section"
    return f"{plain} (as it reads)" if plain in (NOT_IMPORTED, RESULTS) else plain


def _patient(role: Element) -> list[str]:
    name = _name(role)
    lines = [f"Patient: {name[:200]}"] if name else []
    born = attribute(first(role, "patient/birthTime"), "value")
    sex = attribute(first(role, "patient/administrativeGenderCode"), "code")
    if born:
        lines.append(f"Date of birth: {day_words(born)[:20]}")
    if sex in _SEXES:
        lines.append(f"Sex: {_SEXES[sex]}")
    return lines


def _name(role: Element) -> str:
    """The legal name, else the first that is in use: not a birth name, a pseudonym or one that is written otherwise."""
    ranks = ("L", "C", "OR", "", "A", "P", "I", "ASGN", "ABC", "SYL", "IDE", "BR")
    names = [(attribute(one, "use").split(" ")[0], _full(one)) for one in role.findall(path("patient/name"))]
    ranked = sorted(names, key=lambda one: ranks.index(one[0]) if one[0] in ranks else ranks.index(""))
    return next((told for _, told in ranked if told), "")


def _full(name: Element) -> str:
    former = ("BR", "CL")
    parts = [
        words(each)
        for tag in ("given", "family", "suffix")
        for each in name.findall(path(tag))
        if each.get("qualifier") not in former
    ]
    return " ".join(filter(None, parts)) or words(name)
