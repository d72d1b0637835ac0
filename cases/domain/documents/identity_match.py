"""Whose document is this? What it says of name, birth date, sex and record number, against what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from cases.domain.documents.identity_marks import Marks, marks_in, number_of, person_tokens, sex_of
from cases.domain.documents.own_names import OwnName
from cases.domain.documents.paper_evidence import PaperReading
from cases.domain.documents.plain_words import plain
from cases.domain.documents.written_dates import possible_dates

Match = Literal["matched", "mismatched", "name_only", "unknown"]
NAME_ONLY: Final = "name_only"
_DOUBTS: Final = ("name", "birth_date", "sex", "record_number")


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
    doubts: tuple[str, ...]
    marks: Marks


def check_identity(
    *, texts: Iterable[str], known: Known, header: Mapping[str, object] | None = None, over_pictures: bool = False
) -> IdentityCheck:
    """Compare a document with its patient.

    A name, birth date, sex or record number of somebody else in the patient's place is a doubt. ``matched`` takes the
    patient's name, in the patient's place and whatever script, with the birth date beside it or a number that is
    known. ``name_only`` is the name and nothing else: the patient is asked. ``unknown`` is neither, or a name that
    cannot be compared. ``header`` is what a DICOM file says (patient_name, patient_birth_date, patient_sex,
    patient_id, institution); its words count like the text's. A sex or date that is not on file proves nothing.
    """
    pages = tuple(texts)
    marks = _with_header(marks_in(pages, over_pictures=over_pictures), header or {})
    own = OwnName(known.full_name)
    read = [PaperReading(page, own, known.date_of_birth, known.sex).evidence for page in pages]
    told = str((header or {}).get("patient_name") or "").replace("^", " ").title()
    names = [own.compared(name.replace("^", " ")) for name in (*marks.written, told)]
    if "own" in {own.compared(name) for name in marks.besides}:
        names = [*(one for one in names if one != "other"), "own"]
    doubts = {doubt for one in read for doubt in one.doubts}
    if "other" in names:
        doubts.add("name")
    if _other_birth(header or {}, known):
        doubts.add("birth_date")
    if known.sex in ("female", "male") and marks.sexes - {known.sex}:
        doubts.add("sex")
    if _other_number(marks, known.numbers or {}):
        doubts.add("record_number")
    births = frozenset[date]().union(*marks.births)
    apart = "own" in names and known.date_of_birth is not None and known.date_of_birth in births
    named = "own" in names or any(one.named for one in read)
    same = apart or any(one.named and one.born for one in read) or (named and _same_number(marks, known.numbers or {}))
    match: Match = "mismatched" if doubts else "matched" if same else "name_only" if named else "unknown"
    return IdentityCheck(match, tuple(doubt for doubt in _DOUBTS if doubt in doubts), marks)


def with_numbers(check: IdentityCheck, numbers: Mapping[str, frozenset[str]]) -> IdentityCheck:
    """The check with what is known of earlier record numbers, as ``check_identity`` would have made it with them."""
    if check.match == "name_only" and _same_number(check.marks, numbers):
        return IdentityCheck("matched", check.doubts, check.marks)
    if "record_number" in check.doubts or not _other_number(check.marks, numbers):
        return check
    return IdentityCheck("mismatched", (*check.doubts, "record_number"), check.marks)


def facility_key(name: str) -> str:
    """A facility's name as it is compared: Klinik Süd and KLINIK SUED GmbH differ, case and accents do not."""
    return " ".join(plain(name).split())


def national_key(kind: str) -> str:
    """Under what a country's numbers of one kind are kept beside those of houses."""
    return f"national: {kind}"


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
        written=marks.written,
        besides=marks.besides,
        national=marks.national,
    )


def _other_birth(header: Mapping[str, object], known: Known) -> bool:
    possible = possible_dates(str(header.get("patient_birth_date") or ""))
    return bool(possible) and known.date_of_birth is not None and known.date_of_birth not in possible


def _numbers(marks: Marks) -> dict[str, frozenset[str]]:
    """The paper's numbers by who gave them."""
    found = {facility_key(marks.facility): marks.numbers} if marks.facility else {}
    for kind, number in marks.national:
        found[national_key(kind)] = found.get(national_key(kind), frozenset()) | {number}
    return found


def _other_number(marks: Marks, known: Mapping[str, frozenset[str]]) -> bool:
    """Another number than the same house or country gave the patient before: each numbers on its own."""
    return not _same_number(marks, known) and any(
        numbers and known.get(giver) and not numbers & known[giver] for giver, numbers in _numbers(marks).items()
    )


def _same_number(marks: Marks, known: Mapping[str, frozenset[str]]) -> bool:
    if not marks.facility and marks.numbers & frozenset().union(*known.values()):
        return True
    return any(numbers & known.get(giver, frozenset()) for giver, numbers in _numbers(marks).items())
