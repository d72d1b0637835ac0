from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from datetime import timedelta, timezone
from functools import cache
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pytest

from cases.adapters.report import build_bundle, build_pdf
from cases.domain.report.signed_report import (
    Alternative,
    DocumentNotSeen,
    DocumentReliedOn,
    PlainLanguage,
    QuestionAnswer,
    ReportPatient,
)
from tests.cases.report import samples
from tests.cases.report.samples import full_report, uid

HOSTILE = "<b>bold</b> & <font size=99>x</font> </para> <img src='http://x.invalid/a'/> &amp; %s {0} \\n ]]>"
LONG = "The kidney function was followed for years without a gap. " * 80


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(content))


def pages_of(content: bytes) -> list[str]:
    return [" ".join((page.extract_text() or "").split()) for page in read(content).pages]


def words_of(content: bytes) -> str:
    return " ".join(pages_of(content))


@cache
def printed_words() -> str:
    """Of the full report, built once."""
    return words_of(build_pdf(full_report()))


def test_the_report_names_each_question_with_its_answer_in_order() -> None:
    printed = printed_words()
    last = -1
    for q in samples.QUESTIONS:
        asked = printed.index(q.question)
        answered = printed.index(" ".join((q.answer or q.cannot_answer_reason).split()))
        assert last < asked < answered
        last = answered


def test_a_question_without_an_answer_says_so() -> None:
    assert "This cannot be answered: Three earlier eGFR values" in printed_words()


@pytest.mark.parametrize(
    "expected",
    [
        "Maria Müller-Østergård",
        "14 March 1961 · sex: female",
        "Dr. Amara Okafor, Nephrology, Harbour Kidney Centre",
        "23 November 2026, 06:30 UTC · version 2",
        "Agrees, and makes the diagnosis more precise",
        "Proposes a small change of treatment",
        "Confidence: 82 of 100",
        "What would change this confidence: An eGFR that falls by more than 5 mL/min/1.73 m² a year.",
        "Chronic kidney disease (ICD-10 N18.9)",
        "diabetic chronic kidney disease (ICD-10 E11.22)",
        "Sealed on 21 November 2026, 09:12 UTC, confidence 75 of 100:",
        "The peer reviewer agrees, with minor remarks. Prof. Jürgen Weiß",
        "Diagnosis: they agree in part. Agrees, and makes the diagnosis more precise.",
        "Why: The eye findings and four years of albumin in the urine name the cause.",
        "What would settle it: A kidney biopsy, if the course changes.",
        "Treatment: they agree in part. Proposes a small change of treatment.",
        "What would settle it: Potassium one week after stopping ibuprofen.",
        "the confidence rose by 7 (now 82 of 100)",
        "Dissent, kept on the record: I would measure the potassium after three days",
        "Change nothing (doing nothing): The potassium may go on rising",
        "Get medical help at once if any of these appears:",
        "Urine albumin/creatinine ratio",
        "Ibuprofen 400 mg when needed",
        "Penicillin (rash)",
        "5.6 mmol/L 3.5–5.1 high",
        "<0.01 µg/L ≤ 0.04 in range date not printed",
        "0f" * 32,
        "Kidney ultrasound 2024",
        "Potassium 5.6 mmol/L, above the reference range",
        "Only one eGFR value was available.",
        "KDIGO 2022",
        "Licence at the patient's location",
        "ab" * 32,
    ],
)
def test_the_report_holds_every_part_of_the_opinion(expected: str) -> None:
    assert expected in printed_words()


def test_the_plain_language_page_stands_alone_and_shows_its_reading_level() -> None:
    report = full_report()
    *_, last = pages_of(build_pdf(report))
    assert "In plain words You asked if your kidneys are harmed by diabetes." in last
    assert f"Reading level: about school grade {report.plain_language.reading_grade} (US)." in last
    assert "0.39 × words per sentence + 11.8 × syllables per word − 15.59" in last
    assert "Kincaid et al. 1975" in last
    assert "Signature" not in last


def test_a_page_in_a_language_without_a_measure_says_so() -> None:
    page = PlainLanguage(text="Bitte trinken Sie mehr Wasser.", language="de")
    *_, last = pages_of(build_pdf(full_report(plain_language=page)))
    assert "there is no measure for this language here" in last
    assert "Kincaid" not in last


def test_header_and_footer_name_the_case_and_the_page_but_nobody() -> None:
    pages = pages_of(build_pdf(full_report()))
    assert len(pages) == 5
    for number, text in enumerate(pages, start=1):
        assert "Case SO-2026-000123" in text
        assert f"Page {number} of {len(pages)}" in text
    assert all("Müller" not in text for text in pages[1:])


def test_metadata_names_the_document_and_not_the_patient() -> None:
    reader = read(build_pdf(full_report()))
    meta = reader.metadata
    assert meta is not None
    assert meta.title == "Second medical opinion SO-2026-000123, version 2"
    assert meta.author == "Dr. Amara Okafor"
    assert meta.creation_date == samples.report_fields()["signed_at"]
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]  # pypdf types the trailer loosely
    assert "Müller" not in str(meta)


def test_bookmarks_lead_to_the_page_of_their_section() -> None:
    content = build_pdf(full_report())
    reader, pages = read(content), pages_of(content)
    outline: list[Any] = list(reader.outline)
    assert [mark.title for mark in outline][:2] == ["The opinion in brief", "Your questions and the answers"]
    assert outline[-1].title == "In plain words"
    for mark in outline:
        number = reader.get_destination_page_number(mark)
        assert number is not None
        assert mark.title in pages[number]


def test_every_font_is_embedded() -> None:
    reader = read(build_pdf(full_report()))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]


def test_pages_are_a4() -> None:
    for page in read(build_pdf(full_report())).pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert build_pdf(full_report()) == build_pdf(full_report())


def test_another_process_and_time_zone_give_the_same_bytes() -> None:
    code = (
        "import sys, hashlib; from tests.cases.report.samples import full_report;"
        "from cases.adapters.report import build_pdf; print(hashlib.sha256(build_pdf(full_report())).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
            cwd=samples.ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for zone, seed in (("UTC", "1"), ("Asia/Kolkata", "77"))
    }
    assert len(digests) == 1


def test_a_changed_answer_changes_the_bytes() -> None:
    changed = dataclasses.replace(samples.QUESTIONS[0], answer="No.")
    other = full_report(questions=(changed, *samples.QUESTIONS[1:]))
    assert build_pdf(other) != build_pdf(full_report())


def test_markup_in_any_text_is_printed_as_written() -> None:
    report = full_report(
        case_reference="SO & <b>1</b>",
        patient=ReportPatient(id=uid(5), name="Anna <b>O</b> & Söhne"),
        questions=(QuestionAnswer(number=1, question=HOSTILE, answer=HOSTILE),),
        summary=HOSTILE,
        proposed_plan=HOSTILE,
        red_flags=(HOSTILE,),
        alternatives=(Alternative(title=HOSTILE, description=HOSTILE, is_doing_nothing=True),),
        documents_not_seen=(DocumentNotSeen(name=HOSTILE, could_change=HOSTILE),),
        plain_language=PlainLanguage(text=HOSTILE),
    )
    content = build_pdf(report)
    printed = words_of(content)
    assert printed.count(HOSTILE) >= 6
    assert "Anna <b>O</b> & Söhne" in printed
    assert "Case SO & <b>1</b>" in printed
    assert b"http://x.invalid" not in content


def test_characters_the_fonts_lack_are_marked_and_counted() -> None:
    report = full_report(summary="你好 🙂 שלום مرحبا done.")
    printed = words_of(build_pdf(report))
    assert "[2 Chinese/Japanese/Korean characters, not printable here]" in printed
    assert "[slightly smiling face]" in printed
    assert "[4 Hebrew characters, not printable here]" in printed
    assert "[5 Arabic characters, not printable here] done." in printed
    assert "12 characters of this report are not in the fonts of this PDF." in printed


def test_european_scripts_need_no_note() -> None:
    name = "Žofie Nguyễn-Łukasz Δημήτρης Олександр Ћирић"
    printed = words_of(build_pdf(full_report(patient=ReportPatient(id=uid(5), name=name))))
    assert name in printed
    assert "not in the fonts" not in printed


def test_long_texts_flow_over_pages_without_losing_a_word() -> None:
    questions = tuple(
        QuestionAnswer(number=n, question=f"Question number {n}? " + "why " * 40, answer=f"{LONG}End of {n}.")
        for n in range(1, 11)
    )
    report = full_report(questions=questions, documents_not_seen=(DocumentNotSeen(name="CT", could_change=LONG),))
    content = build_pdf(report)
    pages = pages_of(content)
    printed = " ".join(pages)
    assert len(pages) > 10
    assert all(f"End of {n}." in printed for n in range(1, 11))
    assert all(f"Question number {n}?" in printed for n in range(1, 11))
    assert printed.count("followed for years") >= 80 * 11 - len(pages)
    assert pages[-1].endswith(")") or f"Page {len(pages)} of {len(pages)}" in pages[-1]


def test_many_documents_and_results_repeat_the_table_head() -> None:
    documents = tuple(
        DocumentReliedOn(id=uid(100 + n), name=f"scan_{n}_{'w' * 90}.pdf", sha256=f"{n:064x}") for n in range(60)
    )
    results = tuple(dataclasses.replace(samples.LABORATORY[2], name=f"Test {n}") for n in range(80))
    pages = pages_of(build_pdf(full_report(documents_relied_on=documents, laboratory=results)))
    assert sum("Fingerprint of the file (SHA-256)" in page for page in pages) >= 3
    assert sum("Reference Judged Date" in page for page in pages) >= 3
    assert f"{59:064x}" in " ".join(pages)


def test_no_heading_is_the_last_line_of_a_page() -> None:
    for lines in range(12, 40):
        report = full_report(summary="\n".join(f"Line {n}." for n in range(lines)))
        content = build_pdf(report)
        titles = [mark.title for mark in read(content).outline]  # type: ignore[union-attr]  # a flat outline
        for page in pages_of(content):
            body = page.split("Version 2 · confidential")[0].strip()
            assert not any(body.endswith(title) for title in titles), (lines, body[-60:])


def test_optional_parts_leave_no_empty_heading() -> None:
    bare = full_report(
        peer_review=None,
        first_read=None,
        red_flags=(),
        further_tests=(),
        limitations=(),
        references=(),
        medicines=(),
        allergies=(),
        laboratory=(),
        documents_relied_on=(),
        documents_not_seen=(),
        ai_items=(),
        questions=(QuestionAnswer(number=1, question="Why?", answer="So."),),
        legal_basis="",
        first_opinion_diagnosis=None,
        first_opinion_treatment="",
    )
    printed = words_of(build_pdf(bare))
    for absent in ("Warning signs", "Tests advised", "Limitations", "References", "Earlier test results", "Checked by"):
        assert absent not in printed
    assert "No document was relied on." in printed
    assert "No AI item was used for this opinion." in printed
    assert "Medicines: none recorded" in printed
    assert "none yet" in printed


def test_a_correction_says_what_it_replaces_and_why() -> None:
    printed = words_of(build_pdf(full_report(supersedes=uid(9), amendment_reason="a laboratory page was missing")))
    assert "the earlier version, because: a laboratory page was missing" in printed


def test_the_signing_time_is_shown_with_its_own_offset() -> None:
    signed = samples.report_fields()["signed_at"].astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert "23 November 2026, 12:00 UTC+05:30" in words_of(build_pdf(full_report(signed_at=signed)))


def test_each_page_has_ink_and_clear_margins() -> None:
    document = pypdfium2.PdfDocument(build_pdf(full_report()))
    for page in document:
        grey = page.render(scale=0.5).to_pil().convert("L")
        width, height = grey.size
        ink = grey.point(lambda level: 255 if level < 200 else 0).getbbox()
        assert ink is not None
        assert ink[0] > width * 0.07
        assert ink[2] < width * 0.93
        assert ink[1] > height * 0.03
        assert ink[3] < height * 0.97


def test_loading_the_builders_does_not_load_reportlab() -> None:
    code = "import sys, cases.adapters.report; print('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=samples.ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"


def test_a_draft_never_says_that_it_is_signed_and_says_so_on_every_page() -> None:
    for page in (drawn := pages_of(build_pdf(full_report(), draft=True))):
        assert "Draft, not signed" in page
    words = " ".join(drawn)
    for signed in ("Signed 23", "Signed by", "Signed at", "Hash of the text", "Licence valid in"):
        assert signed not in words
    assert "Signed by" in printed_words()
    assert "Draft" not in printed_words()


def test_no_code_name_is_printed() -> None:
    items = tuple(dataclasses.replace(item, engine="local 2026.11-1") for item in samples.AI_ITEMS)
    words = words_of(build_pdf(full_report(ai_items=items)))
    assert "local 2026" not in words
    assert "This service's reading program, version 2026.11-1" in words
    told = str(build_bundle(full_report(ai_items=items)))
    assert "local 2026" not in told
