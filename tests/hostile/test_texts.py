"""Whatever judges the text of others takes time that grows with the text alone: whole functions, not their patterns.

`SOP_HOSTILE_TEXT=1` gives every function the whole list of inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID
from xml.etree.ElementTree import fromstring

import pytest

from analysis.domain.engine import analyse
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.laboratory.ranges import ranges_in
from analysis.domain.medicines import mentions
from analysis.domain.sections import paragraphs
from analysis.domain.spans import SourcePage
from analysis.domain.subject import Subject
from cases.domain.documents.classification import classify
from cases.domain.documents.identity_marks import marks_in
from cases.domain.documents.identity_match import Known, check_identity
from cases.domain.documents.sheet_dates import SheetDates
from cases.domain.documents.sides import sides_in
from cases.domain.index.search_query import asked_in, beginning_with
from cases.domain.privacy.redaction import redacted
from cases.domain.records.ccda_document import read_ccda
from cases.domain.records.fhir_bundle import read_bundle
from cases.domain.records.health_record import UnfitRecord
from cases.domain.records.result_lines import coded_results
from cases.domain.report.readability import flesch_kincaid_grade
from config.kernel.accents import unaccented_in_place
from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, masked_text
from notifications.domain.mail_check import text_faults
from tests.hostile.growth import MAX_EXPONENT, exponent, repeated
from tests.hostile.inputs import Maker, fixed
from tests.hostile.test_patterns import FULL

KNOWN = Identifiers(names=("Maria Keller",), dates=(date(1961, 4, 17),), codes=("maria@example.org", "+49 30 123456"))
PATIENT = Known("Maria Keller", date(1961, 4, 17), "female")
SIZE = 32_768 if FULL else 8_192


def _masked(text: str) -> object:
    try:
        return masked_text(text, KNOWN)
    except NotDeidentified:
        return None


def _page(text: str) -> list[SourcePage]:
    return [SourcePage(UUID(int=1), 1, text)]


def _fhir(text: str) -> object:
    patient = {"resource": {"resourceType": "Patient", "id": "p", "name": [{"text": text}]}}
    told = {"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "code": {"text": text}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [patient, {"resource": told}]}
    try:
        return read_bundle(bundle, today=date(2026, 11, 20))
    except UnfitRecord:
        return None


def _ccda(text: str) -> object:
    words = "".join(sign if sign.isprintable() and sign not in "<&" else " " for sign in text)
    try:
        return read_ccda(
            fromstring(
                '<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole/></recordTarget>'
                f"<section><title>{words}</title><text>{words}</text></section></ClinicalDocument>"
            ),
            today=date(2026, 11, 20),
        )
    except UnfitRecord:
        return None


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "masking": _masked,
    "medicines": lambda text: mentions(_page(text)),
    "laboratory": lambda text: laboratory_findings(_page(text), Subject()),
    "ranges": ranges_in,
    "sections": lambda text: list(paragraphs(_page(text))),
    "engine": lambda text: analyse(_page(text)),
    "identity marks": lambda text: marks_in([text], over_pictures=True),
    "identity check": lambda text: check_identity(texts=[text], known=PATIENT, over_pictures=True),
    "dates": lambda text: SheetDates([(1, text)], latest=date(2026, 1, 1)).of_document(),
    "kinds": lambda text: classify(texts=[text]),
    "sides": lambda text: sides_in([text]),
    "search": lambda text: (asked_in(text), unaccented_in_place(text), list(beginning_with("aaa", text))),
    "redaction": lambda text: redacted(text, Identifiers(names=("Maria Keller",), codes=("maria@example.org",))),
    "readability": flesch_kincaid_grade,
    "FHIR": _fhir,
    "C-CDA": _ccda,
    "results of records": lambda text: coded_results(f"Health record, imported from a\nResults\n- {text}"),
    "mails": lambda text: list(text_faults({"subject_en": text, "text_en": text})),
}
#: What looks like a record, without an end, and accents in the order in which they are hardest to put in order.
RECORDS = (
    "Hemoglobin 9.1 g/dL ",
    "Hemoglobin 9.1 g/dL 12-16\n",
    "Metformin 500 mg once daily ",
    "metformin\n",
    "Dr. A B ",
    "St. Mary Hospital ",
    "Patient: A B\n",
    "Name: A\t",
    "born 17.04.1961 ",
    "sepsis. ",
    "left breast ",
    "date: 1.1.2020\n",
    "x@y.z ",
    "Lithium ",
    "a\u0315\u0300",
    "\u0315\u0300",
    "no evidence of sepsis ",
    "Laboratory\n",
    "Medication:\nXylo 5 mg\n",
)


def inputs() -> Iterator[tuple[str, Maker]]:
    yield from fixed(short=not FULL)
    for unit in RECORDS:
        yield f"{unit!r}…", repeated(unit)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_takes_time_that_grows_with_the_text_alone(name: str) -> None:
    run = FUNCTIONS[name]
    run("")
    grows = {told: exponent(run, make, largest=SIZE) for told, make in inputs()}
    assert not {told: round(grown, 2) for told, grown in grows.items() if grown > MAX_EXPONENT}
