"""Whose document is this? What it says of name, birth date, sex and record number, against what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cases.domain.documents.identity_marks import Marks, marks_in, number_of, person_tokens, sex_of
from cases.domain.documents.plain_words import name_tokens, plain
from cases.domain.documents.written_dates import possible_dates

Match = Literal["matched", "mismatched", "unknown"]
Doubt = Literal["name", "birth_date", "sex", "record_number"]


@dataclass(frozen=True)
class Known:
    """The patient as the account has it; ``sex`` as in FHIR; ``numbers`` are earlier record numbers by facility."""

    full_name: str
    date_of_birth: date | None = None
    sex: str | None = None
    numbers: Mapping[str, frozenset[str]] | None = None


@dataclass(frozen=True)
class IdentityCheck:
    """``doubts`` name what speaks against the patient; a check with doubts is mismatched, whatever else fits."""

    match: Match
    doubts: tuple[Doubt, ...]
    marks: Marks


def check_identity(
    *, texts: Iterable[str], known: Known, header: Mapping[str, object] | None = None, over_pictures: bool = False
) -> IdentityCheck:
    """Compare a document with its patient.

    A labelled name, birth date, sex or record number of somebody else is a doubt. The patient's own name (in any
    order) or labelled birth date is a match. Neither is ``unknown``: a person must say. ``header`` is what a DICOM
    file says (patient_name, patient_birth_date, patient_sex, patient_id, institution); its words count like the
    text's. A sex or date that is not on file proves nothing.
    """
    pages = tuple(texts)
    marks = _with_header(marks_in(pages, over_pictures=over_pictures), header or {})
    own = name_tokens(known.full_name)
    doubts: list[Doubt] = []
    if any(not _same_person(own, name) for name in marks.names):
        doubts.append("name")
    if known.date_of_birth is not None and any(known.date_of_birth not in possible for possible in marks.births):
        doubts.append("birth_date")
    if known.sex in ("female", "male") and marks.sexes - {known.sex}:
        doubts.append("sex")
    if _other_number(marks, known.numbers or {}):
        doubts.append("record_number")
    named = bool(marks.names) or (bool(own) and own <= name_tokens("\n".join(pages)))
    born = known.date_of_birth is not None and bool(marks.births)
    match: Match = "mismatched" if doubts else "matched" if named or born else "unknown"
    return IdentityCheck(match, tuple(doubts), marks)


def with_numbers(check: IdentityCheck, numbers: Mapping[str, frozenset[str]]) -> IdentityCheck:
    """The check with what is known of earlier record numbers, as ``check_identity`` would have made it with them."""
    if "record_number" in check.doubts or not _other_number(check.marks, numbers):
        return check
    return IdentityCheck("mismatched", (*check.doubts, "record_number"), check.marks)


def facility_key(name: str) -> str:
    """A facility's name as it is compared: Klinik Süd and KLINIK SUED GmbH differ, case and accents do not."""
    return " ".join(plain(name).split())


def _with_header(marks: Marks, header: Mapping[str, object]) -> Marks:
    said = {name: str(header.get(name) or "") for name in ("patient_name", "patient_sex", "patient_id", "institution")}
    name, sex = person_tokens(said["patient_name"].title()), sex_of(said["patient_sex"])
    born, number = possible_dates(str(header.get("patient_birth_date") or "")), number_of(said["patient_id"])
    return Marks(
        names=(*marks.names, name) if name else marks.names,
        births=(*marks.births, born) if born else marks.births,
        sexes=marks.sexes | ({sex} if sex else frozenset()),
        numbers=marks.numbers | ({number} if number else frozenset()),
        facility=said["institution"] or marks.facility,
    )


def _other_number(marks: Marks, known: Mapping[str, frozenset[str]]) -> bool:
    """Another number than the same house gave the patient before: houses number on their own."""
    before = known.get(facility_key(marks.facility)) if marks.facility else None
    return bool(before and marks.numbers and not marks.numbers & before)


def _same_person(own: frozenset[str], found: frozenset[str]) -> bool:
    """Every part of the shorter name stands in the longer: middle names and titles may be added or left out."""
    shorter, longer = sorted((own, found), key=len)
    return len(shorter) >= 2 and shorter <= longer
