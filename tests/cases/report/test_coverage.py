"""What was read and what was not, in the report: numbers and what was accepted, never what nobody decided on."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest

from cases.adapters.report import build_bundle, build_pdf
from cases.adapters.report.coverage_words import for_patient
from cases.domain.report.signed_report import LabValue, MalformedReport, NotTakenOver, ReadingCounts
from tests.cases.report.samples import LAB_DOCUMENT, LETTER, full_report, uid

READ = ReadingCounts(
    document_id=LAB_DOCUMENT,
    pages=12,
    pages_as_text=9,
    pages_recognised=2,
    pages_without_text=1,
    places_not_read=3,
    two_readings=4,
    pages_withheld=5,
    values=7,
    medicines=6,
    lines_not_read=8,
)
WHOLE = ReadingCounts(
    document_id=LETTER,
    pages=1,
    pages_as_text=0,
    pages_recognised=1,
    pages_without_text=0,
    places_not_read=0,
    two_readings=0,
    pages_withheld=0,
)
LEFT = (NotTakenOver(kind="Observation", reason="entered in error", count=11),)
DOUBTED = LabValue(
    name="Potassium",
    value_text="2.4",
    value=Decimal("2.4"),
    unit="mmol/L",
    ucum="mmol/L",
    loinc="2823-3",
    document_id=LAB_DOCUMENT,
    page=1,
    doubt="two readings: 2.4 / 22.4",
)


def printed(**changes: Any) -> str:
    document = pypdfium2.PdfDocument(build_pdf(full_report(**changes)))
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def told(**changes: Any) -> str:
    return json.dumps(build_bundle(full_report(**changes)), ensure_ascii=False)


def test_the_pdf_counts_what_was_read_and_what_was_not() -> None:
    text = printed(reading=(READ, WHOLE), not_taken_over=LEFT, files_not_taken_over=1)
    assert "12 9 2 1 3 4 5" in text
    assert "1 0 1 0 0 0 0" in text
    assert "accepted: values 7, medicines 6" in text
    assert "not understood: 8." in text
    assert "Observation × 11: entered in error" in text
    assert "Files of archives × 1" in text


def test_the_fhir_document_says_the_same() -> None:
    text = told(reading=(READ,), not_taken_over=LEFT)
    assert "pages 12: as text 9, recognised from pictures 2, without text 1; places not read 3" in text
    assert "places with two readings 4, pages withheld from programs outside 5" in text
    assert "Observation × 11: entered in error" in text


def test_a_version_that_kept_no_numbers_says_nothing_of_them() -> None:
    assert "Places not read" not in printed()
    assert "What was read and what was not" not in told()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1 page without text, 3 places, 4 places with two readings, 8 lines that look like results"),
        ("de", "1 Seite ohne Text, 3 Stellen, 4 Stellen mit zwei Lesarten, 8 Zeilen, die wie Ergebnisse aussehen"),
        ("es-MX", "1 página sin texto, 3 lugares, 4 lugares con dos lecturas, 8 líneas que parecen resultados"),
        ("fr", "1 page sans texte, 3 endroits, 4 endroits avec deux lectures, 8 lignes qui ressemblent"),
    ],
)
def test_the_patient_reads_it_in_plain_words_of_their_language(language: str, words: str) -> None:
    report = full_report(reading=(READ, WHOLE), language=language)
    assert words in for_patient(report)
    assert words.split(",")[0] in printed(reading=(READ, WHOLE), language=language)
    assert words in told(reading=(READ, WHOLE), language=language)


def test_where_nothing_was_left_out_the_patient_hears_that() -> None:
    assert for_patient(full_report(reading=(WHOLE,))).endswith("It found no place that it could not read.")


def test_a_value_of_two_readings_is_never_printed_as_one() -> None:
    assert "2.4 mmol/L (in doubt: two readings: 2.4 / 22.4)" in printed(laboratory=(DOUBTED,))
    bundle = build_bundle(full_report(laboratory=(DOUBTED,)))
    every = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Observation"]
    (found,) = (one for one in every if one["code"]["text"] == "Potassium")
    assert "valueQuantity" not in found
    assert found["valueString"] == "2.4 mmol/L (in doubt: two readings: 2.4 / 22.4)"
    # Without the doubt it is a number.
    sure = build_bundle(full_report(laboratory=(replace(DOUBTED, doubt=""),)))
    assert '"value": 2.4' in json.dumps(sure)


def test_a_document_that_was_read_in_part_is_not_told_as_whole() -> None:
    read = (replace(WHOLE, in_part=True),)
    assert "1 document in part" in for_patient(full_report(reading=read))
    assert "Discharge letter.jpg (in part)" in printed(reading=read)
    assert "Discharge letter.jpg: read in part; pages 1" in told(reading=read)


def test_counts_belong_to_documents_that_were_relied_on() -> None:
    with pytest.raises(MalformedReport, match="not among those relied on"):
        full_report(reading=(replace(READ, document_id=uid(99)),))
