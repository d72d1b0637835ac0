"""What the source of a pattern alone does not tell: how it is used, and what those are that are made while running."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter

from analysis.domain import redflags
from analysis.domain.medicines import dictionary
from cases.api import fhir
from cases.api.casefile import case_filters
from cases.api.documents.imaging import wado
from cases.domain.documents import birth_numbers, kind_words, plain_words
from config.kernel.api import pages
from config.kernel.privacy.deidentification import known_codes, known_dates
from professionals.domain import numbers

Made = Callable[[], tuple[re.Pattern[Any], ...]]

#: Patterns that go through a tuple, a helper or another module: by what they are used there.
USES: dict[str, frozenset[str]] = {
    "analysis.domain.laboratory.layout.separators:_CELL": frozenset({"match"}),
    "config.kernel.privacy.deidentification.contacts:RULES": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.contacts:MAIL": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.contacts:PAGE": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.contacts:_SPLIT_MAIL": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.contacts:_HOST": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.contacts:_HANDLE": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.dates:_DAY_FIRST": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.dates:_MONTH_FIRST": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.dates:_YEAR_FIRST": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.numbers:_RUN": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.numbers:_DIALLED": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.scripts:_COMPILED": frozenset({"sub"}),
    "config.kernel.privacy.deidentification.numbers:_SHAPES": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.addresses:_STREETS": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.addresses:_PLACES": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.addresses:_CODES_BEHIND": frozenset({"finditer"}),
    "config.kernel.privacy.deidentification.known_codes:_SIGN": frozenset({"findall"}),
    "config.kernel.privacy.deidentification.known_codes:_WORD": frozenset({"findall"}),
    "config.kernel.privacy.deidentification.spelling:INSIDE": frozenset({"fullmatch"}),
    "analysis.domain.scope.triggers:_SHAPES": frozenset({"finditer"}),
    "cases.adapters.reading.foreign_kinds:_GDT": frozenset({"match"}),
    "cases.adapters.reading.foreign_kinds:_MESSAGES": frozenset({"match"}),
    "cases.domain.documents.identity_marks:_SURNAME": frozenset({"finditer"}),
    "cases.domain.documents.identity_marks:_GIVEN": frozenset({"finditer"}),
    "cases.domain.documents.paper_roles:PATIENT": frozenset({"finditer", "fullmatch"}),
    "cases.domain.documents.paper_roles:OTHER": frozenset({"finditer"}),
    "cases.domain.documents.paper_roles:TITLE": frozenset({"search"}),
    "cases.domain.documents.paper_roles:BEHIND": frozenset({"match"}),
    "cases.domain.documents.paper_roles:PLACE": frozenset({"search"}),
    "cases.domain.documents.paper_roles:BIRTH": frozenset({"finditer", "fullmatch"}),
    "cases.domain.documents.paper_roles:VISIT": frozenset({"finditer"}),
    "cases.domain.documents.paper_roles:BABY": frozenset({"search", "fullmatch"}),
    "cases.domain.documents.paper_roles:TWIN": frozenset({"search"}),
    "cases.domain.documents.paper_roles:CLOSING": frozenset({"match"}),
    "cases.domain.documents.paper_roles:FEMALE": frozenset({"fullmatch"}),
    "cases.domain.documents.paper_roles:MALE": frozenset({"fullmatch"}),
    "cases.domain.documents.paper_roles:MISTER": frozenset({"search", "fullmatch"}),
    "cases.domain.documents.paper_roles:MISSES": frozenset({"search", "fullmatch"}),
    "cases.domain.documents.paper_roles:CHILD_OF": frozenset({"search"}),
    "cases.domain.documents.paper_roles:SIGNS": frozenset({"match"}),
    "cases.domain.documents.paper_evidence:_VALUE": frozenset({"match"}),
    "cases.domain.documents.paper_evidence:_SAID": frozenset({"match"}),
    "cases.domain.documents.identity_marks:_NUMBER": frozenset({"finditer"}),
    "cases.domain.documents.identity_marks:_HOUSE_NUMBER": frozenset({"finditer"}),
    "cases.domain.opinion.opinion_diff:_WORDS": frozenset({"findall"}),
    "cases.domain.opinion.opinion_diff:_SENTENCES": frozenset({"findall"}),
    "cases.domain.documents.plain_words:any_of": frozenset({"search", "findall"}),
    "analysis.domain.medicines.dictionary:pattern": frozenset({"finditer"}),
    "analysis.domain.redflags:text_rules": frozenset({"finditer"}),
    "analysis.domain.row_check:_cell_faults": frozenset({"search"}),
    "cases.domain.documents.sheet_dates:_MEANINGS": frozenset({"search"}),
    "analysis.domain.sections:_PATTERNS": frozenset({"fullmatch"}),
}


def _of_code() -> tuple[re.Pattern[Any], ...]:
    """As the masking makes them of a number, a mail address and an address."""
    codes = ("1234567", "abcde@b.example", "MRN-11111", "House am Aaa")
    made = [pattern for pattern, _ in known_codes._patterns(codes)]
    made += [known_codes._of_part(part) for part in known_codes._parts("11 Aaaa Strasse, 11111 Aaaa")]
    return tuple(map(re.compile, made))


def _of_days() -> tuple[re.Pattern[Any], ...]:
    """As the masking makes them of a day of birth."""
    made = (*known_dates._in_digits(date(1911, 1, 11)), *known_dates._in_words(date(1911, 11, 1)))
    return tuple(map(re.compile, made))


def _of_words() -> tuple[re.Pattern[Any], ...]:
    words = (*kind_words.BODY.values(), *kind_words.TITLES.values())
    return tuple(plain_words.any_of(each) for each in words)


def _of_rules() -> tuple[re.Pattern[Any], ...]:
    return tuple(pattern for pattern, _ in redflags.text_rules())


def _of_queries() -> tuple[re.Pattern[Any], ...]:
    """Those that the API's document declares for names of queries."""
    declared = [value for module in (case_filters, fhir, wado, pages) for value in vars(module).values()]
    flat = [one for value in declared for one in (value if isinstance(value, list | tuple) else (value,))]
    shapes = [one.type for one in flat if isinstance(one, OpenApiParameter) and isinstance(one.type, dict)]
    return tuple(re.compile(shape["pattern"]) for shape in shapes if "pattern" in shape)


#: Patterns that are made while running: some of them as they are made.
MADE: dict[str, Made] = {
    "config.kernel.privacy.deidentification.known_codes:known_codes": _of_code,
    "config.kernel.privacy.deidentification.known_dates:known_days": _of_days,
    "cases.domain.documents.birth_numbers:_read": lambda: tuple(
        re.compile(kind.shape) for kind in birth_numbers._KINDS
    ),
    "config.kernel.api.declarations:query_fault": _of_queries,
    "config.kernel.api.uploads:field_in": lambda: (
        re.compile(rb'\r\nContent-Disposition: form-data; name="a"\r\n\r\n([^\r\n]{1,200})\r\n--', re.IGNORECASE),
    ),
    "professionals.domain.numbers:number_fault": lambda: tuple(
        re.compile(pattern, re.ASCII) for pattern, _ in numbers._FORMATS.values()
    ),
    "cases.domain.documents.plain_words:any_of": _of_words,
    "cases.domain.report.proof.signed_pdf:_only": lambda: (
        re.compile(rb"/Size (\d+(?: 0 R)?)"),
        re.compile(rb"/ID\s*\[\s*(<[0-9a-fA-F]+>\s*<[0-9a-fA-F]+>)\s*\]"),
        re.compile(rb"startxref\s+(\d+)\s+%%EOF"),
    ),
    "cases.domain.intake.questionnaire_check:_item_faults": lambda: (re.compile(r"[a-z_0-9]+"),),
    "cases.domain.index.search_query:beginning_with": lambda: (
        re.compile(r"(?<!\w)aaa\w*"),
        re.compile(r"(?<!\w)111\w*"),
    ),
    "analysis.domain.medicines.dictionary:pattern": lambda: (dictionary.pattern(),),
    "analysis.domain.redflags:text_rules": _of_rules,
    # What an editor writes is tried against nothing: it meets no text before two people released it.
    "analysis.domain.row_check:_cell_faults": lambda: (re.compile("a"),),
}
