"""What a document says about whom it is about: labelled names, birth dates, sexes, record numbers, the facility."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases.domain.documents.birth_dates import ascii_digits
from cases.domain.documents.name_spelling import composed
from cases.domain.documents.plain_words import name_tokens, plain
from cases.domain.documents.sheet_dates import written_in
from cases.domain.documents.written_dates import DATE, order_shown, possible_dates

_VALUE = (
    r"\s*[:=]\s*(?P<value>[^\n|;]{2,80}?)"
    r"(?=\s{2}|\s?[|;\t\n(*]|,?\s+(?:born|geb|n[ée]e?\b|nacid|d\.?o\.?b)|,?\s+\d|$)"
)
# At the start of a line or a cell, or behind two blanks; looking back, since blanks that are tried forward from each
# of them take hours.
_START = r"(?im)(?:^|(?<=^\s)|(?<=\s\s)|(?<=[|;\t])|(?<=[|;\t]\s))"
_FULL = re.compile(
    _START
    + r"(?:patient(?:in|e|enname)?(?:/patient)?(?:['’]s)?(?:[ /-]*(?:full )?(?:name|in))?|pt|paciente|(?:full )?name"
    r"|name,? ?vorname|nachname,? ?vorname|name (?:of|des|der) patient(?:en|in)?|nom du patient|nom de la patiente"
    r"|nom(?:,| et)? pr[ée]noms?|nombre(?: y apellidos| completo| del paciente| de la paciente)"
    r"|apellidos(?:,| y) nombre|re|betrifft|betreff|concerne|asunto)" + _VALUE
)
_SURNAME = re.compile(_START + r"(?:surname|last name|family name|nachname|familienname|nom|apellidos?)" + _VALUE)
_NAME = re.compile(_START + r"name" + _VALUE)
# The name that somebody was born with, or came to by marriage, beside the other one.
_OTHER_SURNAME = re.compile(
    _START + r"(?:nom de naissance|nom de (?:jeune )?fille|nom d['’](?:usage|[ée]pou(?:se|x))|nom (?:usuel|marital)"
    r"|geburtsname|maiden name|birth name|married name|ehename|apellidos? de soltera)" + _VALUE
)
# Where somebody else's particulars may stand, a surname of birth may be a mother's.
_OTHERS_TOO = re.compile(
    r"(?i)(?<![^\W\d_])(?:m[èe]re|p[èe]re|mother|father|mutter|vater|madre|padre|maman|b[ée]b[ée]|baby|nouveau-n[ée]e?"
    r"|enfant|kind|kindes|child|newborn|neugeborene[nrs]?|hij[oa]|reci[ée]n nacid[oa]|conjointe?|[ée]poux|[ée]pouse"
    r"|spouse|husband|wife|ehemann|ehefrau|tuteur|tutrice|tutora?|personne|next of kin|contact|kontakt|contacto"
    r"|parents?|eltern|padres|guarantor|assur[ée]e?)(?![^\W\d_])"
)
_GIVEN = re.compile(_START + r"(?:given names?|first name|forenames?|vornamen?|pr[ée]noms?|nombres?)" + _VALUE)
# Over a picture the name stands alone, as scanners write it.
_BURNED = re.compile(r"(?m)^[^\S\n]*+(?P<value>[^\W\d_][^\W\d_'-]+(?:\^|, ?)[^\W\d_][^\W\d_'-]+)\b")
_BIRTH = re.compile(
    r"(?i)(?:\b(?:date of birth|birth ?date|d\.?o\.?b\.?|born(?: on)?|geburtsdatum|geb(?:oren|\.)?(?:\s+am)?"
    r"|date de naissance|n[ée]{1,2}(?:\(e\))? le|ddn|fecha de nacimiento|data na[sşș]terii|nacid[oa](?: el)?"
    r"|f\.? ?(?:de )?nac\.?)"
    rf"|(?<=\s)\*)\s*+(?:[:=]\s*+)?(?P<value>{DATE})"
)
_SEX = re.compile(r"(?i)\b(?:sex|gender|geschlecht|sexo|sexe|g[ée]nero|genre)\s*[:=]\s*(?P<value>[^\W\d_]{1,10})")
_NUMBER = re.compile(
    r"(?i)\b(?:mrn|(?:medical )?record (?:number|no\.?|n)|hospital (?:number|no\.?)|patient(?:en)?[ -]?(?:id|nr\.?"
    r"|nummer|number|no\.?)|pid|id(?: no\.?| nr\.?| number)?|nhc"
    r"|(?:n[º°o.]*|n[úu]mero) (?:de )?historia(?: cl[íi]nica)?|historia cl[íi]nica|ipp"
    r"|(?:n[º°o.]*|num[ée]ro) (?:de )?dossier)\s*[:=#]\s*(?P<value>[A-Z0-9][A-Z0-9./-]{3,20})"
)
# Numbers of a house that are written without a colon.
_HOUSE_NUMBER = re.compile(
    r"(?i)(?:\bmrn|\bhosp(?:ital)?\.? no\.?|住院号|病案号|診療番号|患者番号|번호|등록번호|"
    r"карт[аы]\s*№|№ карты|\bIP(?=-\d)|\bHN)"
    r"\s{0,2}[:#-]?\s{0,2}(?P<value>[A-Z]?\d[\d./-]{2,20})"
)
_KINDS: Final = {
    "nhs": r"nhs(?: (?:no|number|nr))?",
    "pesel": "pesel",
    "ramq": "ramq|nam",
    "ahv": r"ahv(?:-?nr)?|avs|oasi",
    "tax": r"c\.f|codice fiscale|cf",
    "curp": "curp",
    "israel": r"ת\.ז|תעודת זהות",
    "identity": r"رقم الهوية|الهوية|身份证号?|เลขประจำตัว(?:ประชาชน)?|dni|nif|cpf|ssn|sozialversicherungsnummer|svnr",
    "aadhaar": "आधार|aadhaar|aadhar",
    "insurance": r"versichertennummer|versicherten-?nr|kvnr|insurance (?:no|number)|"
    r"n[º°] (?:de )?afiliaci[oó]n|amka|αμκα",
}
_NATIONAL = re.compile(
    r"(?i)(?<![^\W\d_])(?:"
    + "|".join(f"(?P<{kind}>{composed(words)})" for kind, words in _KINDS.items())
    + r")\.?\s{0,2}[:#]?\s{0,3}(?P<value>(?=[A-Z .-]{0,20}\d)[A-Z0-9]{2,20}(?:[ .-]\d{1,10}){0,5})"
)
_FACILITY = re.compile(
    r"(?i)\b\w*(?:hospital|clinic|klinik|krankenhaus|spital|laborato|labor\b|institut|medical cent|zentrum|centre hosp"
    r"|h[ôo]pital|clinique|praxis|cl[íi]nica|radiology|pathology cent|polycl|centro m[ée]dic|ospedale|"
    r"hastane|ziekenhuis|szpital|"
    r"больниц|поликлиник|госпитал|νοσοκομε|בית חולים|مستشفى|عيادة|अस्पताल|"
    r"โรงพยาบาล|病院|医院|醫院|クリニック|병원|의원)\w*"
)
_SEXES: Final = {
    "female": "f w female weiblich frau mujer femenino femenina femme feminin woman",
    "male": "m male mannlich herr hombre varon masculino masculina homme masculin man",
}
_TITLES: Final = name_tokens(
    "dr med prof herr frau mr mrs ms miss mme mlle madame monsieur sr sra don dona senor senora jr dipl ing"
)
_NOT_A_NAME: Final = name_tokens(
    "the was and has with denies not date name see siehe voir ver unknown unbekannt befund report informed"
)
_MAX_NAME_WORDS = 6
#: More labelled names are no paper about somebody.
_MAX_NAMES = 2_000
_SEPARATORS = "/.-"


@dataclass(frozen=True)
class Marks:
    """``names`` as sets of alike parts, ``births`` as what each date may mean, ``sexes`` as in FHIR."""

    names: tuple[frozenset[str], ...] = ()
    births: tuple[frozenset[date], ...] = ()
    sexes: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    facility: str = ""
    #: Names as they are written: of labels that stand apart, and over pictures.
    written: tuple[str, ...] = ()
    #: The same with the surname of birth or of marriage.
    besides: tuple[str, ...] = ()
    #: Numbers that a country or an insurer gave, by their kind.
    national: frozenset[tuple[str, str]] = frozenset()


def marks_in(texts: Iterable[str], *, over_pictures: bool = False) -> Marks:
    """Read the labels of all pages; with ``over_pictures`` also a name without a label at the start of a line."""
    pages = tuple(texts)
    text = "\n".join(pages)
    names = [m["value"] for m in _FULL.finditer(text)]
    surnames, given = ([m["value"] for m in each.finditer(text)] for each in (_SURNAME, _GIVEN))
    others = [] if _OTHERS_TOO.search(text) else [m["value"] for m in _OTHER_SURNAME.finditer(text)]
    if given and not surnames:
        surnames = [m["value"] for m in _NAME.finditer(text)] or others
    written = [f"{first} {last}" for last, first in zip(surnames, given, strict=False)]
    besides = [f"{given[0]} {last}" for last in others] if len(given) == 1 and len(surnames) <= 2 else []
    if over_pictures:
        written += [m["value"] for m in _BURNED.finditer(text)]
    distinct = list(dict.fromkeys([*names, *written]))[:_MAX_NAMES]
    return Marks(
        # What a paper says a hundred times it says.
        names=tuple(dict.fromkeys(found for name in distinct if (found := person_tokens(name)))),
        births=tuple(dict.fromkeys(born for page in pages for born in _births(page) if born)),
        sexes=frozenset(filter(None, (sex_of(m["value"]) for m in _SEX.finditer(text)))),
        numbers=frozenset(
            filter(None, (number_of(m["value"]) for labels in (_NUMBER, _HOUSE_NUMBER) for m in labels.finditer(text)))
        ),
        facility=facility_in(text),
        written=tuple(dict.fromkeys(written))[:_MAX_NAMES],
        besides=tuple(dict.fromkeys(besides))[:_MAX_NAMES],
        national=frozenset(_national(text)),
    )


def _national(text: str) -> Iterator[tuple[str, str]]:
    """Numbers that stay a person's whichever house writes them."""
    for found in _NATIONAL.finditer(ascii_digits(composed(text))):
        kind = next(kind for kind, value in found.groupdict().items() if kind != "value" and value)
        if number := number_of(found["value"]):
            yield kind, number


def _births(page: str) -> Iterator[frozenset[date]]:
    """What each birth date of a page may mean: dates that are written alike may show in which order the page writes."""
    found = list(dict.fromkeys(match["value"] for match in _BIRTH.finditer(page)))
    written = tuple(written_in(page)) if found else ()
    orders = {mark: order_shown(dict.fromkeys(one for one in written if mark in one)) for mark in _SEPARATORS}
    for value in found:
        mark = next((mark for mark in _SEPARATORS if mark in value), "")
        yield possible_dates(value, order=orders.get(mark))


def person_tokens(name: str) -> frozenset[str]:
    """The parts of a written name without titles; empty when it is not a person's full name."""
    words = name.replace("^", " ").split()
    if len(words) > _MAX_NAME_WORDS or not all(word[0].isupper() or len(word) <= 4 for word in words):
        return frozenset()
    found = name_tokens(name) - _TITLES
    return found if len(found) >= 2 and not found & _NOT_A_NAME else frozenset()


def sex_of(word: str) -> str:
    """``female`` or ``male``, or nothing for whatever else is written."""
    return next((sex for sex, words in _SEXES.items() if plain(word) in words.split()), "")


def number_of(text: str) -> str:
    """A record number without its punctuation; nothing when it has fewer than three digits."""
    found = re.sub(r"[^A-Z0-9]", "", text.upper())
    return found if sum(sign.isdigit() for sign in found) >= 3 else ""


def facility_in(text: str) -> str:
    """The first of the ten upper lines that names a hospital, practice or laboratory."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:10]
    return next((line[:120] for line in lines if ":" not in line and len(line) < 100 and _FACILITY.search(line)), "")
