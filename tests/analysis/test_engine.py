"""The local engine as a whole: real documents, any text, and speed."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.domain import knowledge
from analysis.domain.engine import analyse
from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.sections import Section, heading_of
from analysis.domain.spans import SourcePage, Span, lines_of, verifies
from analysis.domain.subject import Subject
from cases.adapters.reading import read_in_child
from tests.analysis.pages import LAB, LETTER, MEDICATION, assert_sourced, pages
from tests.tooling.clinical import discharge_letter, lab_report
from tests.tooling.facts import Document
from tests.tooling.scans import scanned


def read(document: Document, folder: Path) -> list[SourcePage]:
    """The document as the platform's own reader gives it."""
    source = folder / "source"
    source.write_bytes(document.content)
    reading = read_in_child(
        source=source, workdir=folder / "work", name=document.name, declared_type=document.media_type
    )
    document_id = uuid4()
    return [SourcePage(document_id, page.number, page.text, page.confidence) for page in reading.pages]


def missed(document: Document, sources: list[SourcePage]) -> list[str]:
    """The laboratory facts of a document that were not found with all five fields right."""
    found = {
        (f.data["name"], f.data["value"], f.data["unit"], f.data["low"], f.data["high"], f.data["flag_printed"])
        for f in analyse(sources, Subject(sex="female", age_years=65)).findings
        if f.kind is Kind.LABORATORY
    }
    facts = document.known.laboratory
    return [f.name for f in facts if (f.name, f.value, f.unit, f.low, f.high, f.flag) not in found]


def test_every_result_of_the_demonstration_report_is_found(tmp_path: Path) -> None:
    document = lab_report()
    sources = read(document, tmp_path)
    assert missed(document, sources) == []
    results = [f for f in analyse(sources).findings if f.kind is Kind.LABORATORY]
    assert len(results) == len(document.known.laboratory)


@pytest.mark.slow
def test_every_result_of_a_scanned_report_is_found(tmp_path: Path) -> None:
    document = scanned(lab_report(), dpi=200)
    sources = read(document, tmp_path)
    assert missed(document, sources) == []
    found = analyse(sources).findings
    assert all(f.confidence is not None and 0 < f.confidence <= 1 for f in found)


def test_the_demonstration_letter_gives_medicines_interactions_and_a_warning_sign(tmp_path: Path) -> None:
    document = discharge_letter()
    sources = read(document, tmp_path)
    outcome = analyse(sources)
    assert_sourced(outcome.findings, sources)
    of = {kind: [f for f in outcome.findings if f.kind is kind] for kind in Kind}
    taken = {(f.data["printed"], f.data["strength"], f.data["frequency"]) for f in of[Kind.MEDICINE]}
    assert taken == {(m.name, m.dose, m.frequency) for m in document.known.medicines}
    assert {f.data["rule"] for f in of[Kind.INTERACTION]} >= {
        "warfarin-nsaid",
        "warfarin-amiodarone",
        "simvastatin-amiodarone",
    }
    assert [f.data["rule"] for f in of[Kind.RED_FLAG]] == ["melaena"]
    assert of[Kind.NOT_CHECKED] == []


def test_what_matters_most_comes_first() -> None:
    kinds = [finding.kind for finding in analyse(pages(MEDICATION, LETTER, LAB)).findings]
    order = [Kind.RED_FLAG, Kind.INTERACTION, Kind.LABORATORY, Kind.MEDICINE]
    assert kinds == sorted(kinds, key=order.index)


def test_the_same_pages_give_the_same_findings() -> None:
    sources = pages(LAB, LETTER, MEDICATION)
    assert analyse(sources) == analyse(sources)


def test_each_finding_names_the_release() -> None:
    outcome = analyse(pages(LAB, MEDICATION))
    assert {finding.knowledge_release for finding in outcome.findings} == {knowledge.release()}


@pytest.mark.parametrize(
    ("text", "confidence", "reason"),
    [
        ("", None, "insufficient_data"),
        ("short", None, "insufficient_data"),
        ("A long text about a garden and its trees.", None, "out_of_scope"),
        ("A long text that hardly anybody could read.", 0.2, "low_quality_input"),
    ],
)
def test_silence_has_a_reason(text: str, confidence: float | None, reason: str) -> None:
    outcome = analyse(pages(text, confidence=confidence))
    assert (outcome.findings, outcome.abstained) == ((), reason)


def test_a_finding_gives_no_reason_for_silence() -> None:
    assert analyse(pages(LAB)).abstained == ""


_PIECES = (
    *(
        "Hemoglobin",
        "9.1",
        "g/dL",
        "12.0 - 16.0",
        "L",
        "INR",
        "Potassium",
        "6,4",
        "mmol/L",
        "<5",
        ">60",
        "12,500",
        "/uL",
    ),
    *("Warfarin", "5 mg", "once daily", "ibuprofen", "Lithium", "Medication\n", "1-0-1", "stopped", "no", "µg"),
    *("black stools", "Dr. Berg", "\n", "  ", "÷", "ß", "\x0b", "(", "[", ":", "²", "😀", "\r\n", "\t"),
)
_CLINICAL = st.sampled_from(_PIECES)
_TEXTS = st.lists(_CLINICAL | st.text(max_size=8), max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=3))
def test_whatever_the_text_every_span_verifies(texts: list[str]) -> None:
    sources = pages(*texts)
    for finding in analyse(sources).findings:
        assert finding.spans
        assert all(verifies(span, sources) for span in finding.spans)


@given(st.text(max_size=300))
def test_lines_keep_their_offsets(text: str) -> None:
    (page,) = pages(text)
    for line in lines_of(page):
        assert text[line.start : line.start + len(line.text)] == line.text


def test_ten_pages_take_at_most_half_a_second() -> None:
    sources = pages(*[f"{LAB}\n{LETTER}\n{MEDICATION}\n" * 3 for _ in range(10)])
    analyse(sources)
    begun = time.process_time()
    analyse(sources)
    assert time.process_time() - begun <= 0.5


def test_a_hostile_line_does_not_hold_the_engine() -> None:
    line = "Hemoglobin " * 400 + "9" * 3000 + " - " * 2000 + "warfarin no " * 400
    begun = time.process_time()
    analyse(pages(line))
    assert time.process_time() - begun <= 5


def test_a_finding_without_a_source_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="guess"):
        Finding(
            kind=Kind.RED_FLAG,
            title="t",
            detail="",
            severity=Severity.LOW,
            spans=(),
            knowledge_release="r",
        )


def test_a_span_outside_its_page_does_not_verify() -> None:
    (page,) = pages("abc")
    for start, end, quote in ((0, 4, "abc"), (-1, 2, "ab"), (1, 1, ""), (0, 2, "xx")):
        assert not verifies(Span(page.document_id, 1, start, end, quote), [page])
    assert not verifies(Span(page.document_id, 2, 0, 3, "abc"), [page])
    assert verifies(Span(page.document_id, 1, 0, 3, "abc"), [page])


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Medication at discharge", Section.MEDICATION),
        ("Current medications:", Section.MEDICATION),
        ("MEDIKATION", Section.MEDICATION),
        ("Allergies", Section.ALLERGIES),
        ("Family history", Section.FAMILY),
        ("Past medical history", Section.HISTORY),
        ("Diagnoses", Section.OTHER),
    ],
)
def test_headings_are_known(line: str, section: Section) -> None:
    assert heading_of(line) == (section, True)


def test_a_sentence_is_no_heading() -> None:
    assert heading_of("Medication was changed on Monday.") is None


def test_every_source_says_what_it_is_and_when_it_dates_from() -> None:
    for key, source in knowledge.sources().items():
        assert set(source) == {"title", "url", "dated"}, key
        assert source["url"].startswith("https://"), key
    assert yaml.safe_load((knowledge.FOLDER / "release.yaml").read_text())["release"] == knowledge.release()


def test_an_unknown_source_and_a_broken_row_stop_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(knowledge.BrokenKnowledge):
        knowledge.cite("NOBODY")
    (tmp_path / "bad.csv").write_text("a,b\n1,2,3\n")
    monkeypatch.setattr(knowledge, "FOLDER", tmp_path)
    with pytest.raises(knowledge.BrokenKnowledge, match="row 2"):
        knowledge.rows("bad")
