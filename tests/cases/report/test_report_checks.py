from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest

from cases.domain.report.signed_report import (
    Alternative,
    Diagnosis,
    DocumentNotSeen,
    DocumentReliedOn,
    FirstRead,
    MalformedReport,
    PeerReview,
    PlainLanguage,
    QuestionAnswer,
    ReportPatient,
)
from tests.cases.report import samples
from tests.cases.report.samples import full_report, uid

QUESTION = samples.QUESTIONS[0]


def problems(**changes: Any) -> str:
    with pytest.raises(MalformedReport) as caught:
        full_report(**changes)
    assert caught.value.problems
    return " ".join(caught.value.problems)


def test_the_sample_is_a_report() -> None:
    assert full_report().case_reference == "SO-2026-000123"


def test_a_report_cannot_be_changed_afterwards() -> None:
    report = full_report()
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.summary = "other"  # type: ignore[misc]  # the write is what is tested


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"case_reference": " "}, "case reference is empty"),
        ({"patient": ReportPatient(id=uid(5), name="")}, "patient's name is empty"),
        ({"author": dataclasses.replace(samples.AUTHOR, name="")}, "author's name is empty"),
        ({"author": dataclasses.replace(samples.AUTHOR, licence_place="")}, "licence place is empty"),
        ({"signed_at": datetime(2026, 11, 23, 6, 0)}, "no time zone"),  # noqa: DTZ001  # naive on purpose
        ({"version": 0}, "version starts at 1"),
        ({"content_hash": "AB" * 32}, "content hash"),
        ({"content_hash": "ab" * 31}, "content hash"),
        ({"supersedes": uid(9)}, "says why"),
        ({"peer_review": PeerReview(reviewer=samples.AUTHOR, outcome="agrees")}, "peer reviewer is the author"),
    ],
)
def test_who_signed_what_and_when_is_complete(changes: dict[str, Any], says: str) -> None:
    assert says in problems(**changes)


def test_a_correction_with_its_reason_is_a_report() -> None:
    assert full_report(supersedes=uid(9), amendment_reason="A page was missing").supersedes == uid(9)


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ((), "1 to 10 questions"),
        (tuple(dataclasses.replace(QUESTION, number=n) for n in range(1, 12)), "not 11"),
        ((dataclasses.replace(QUESTION, number=2),), "numbered 1, 2, 3"),
        ((QUESTION, QUESTION), "numbered 1, 2, 3"),
        ((QuestionAnswer(number=1, question=" ", answer="Yes"),), "Question 1 has no text"),
        ((QuestionAnswer(number=1, question="Why?"),), "Question 1 needs either"),
        ((QuestionAnswer(number=1, question="Why?", answer="\n ", cannot_answer_reason=""),), "needs either"),
        ((QuestionAnswer(number=1, question="Why?", answer="So", cannot_answer_reason="No"),), "needs either"),
    ],
)
def test_each_question_is_answered_or_refused_with_a_reason(questions: Any, says: str) -> None:
    assert says in problems(questions=questions)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"diagnosis_agreement": "yes"}, "diagnosis agreement must be one of agree, refined"),
        ({"treatment_agreement": ""}, "treatment agreement must be one of agree, minor_change"),
        ({"clinical_impact": "huge"}, "clinical impact must be one of none, minor"),
        ({"patient": ReportPatient(id=uid(5), name="A", sex="f")}, "sex must be one of male"),  # type: ignore[arg-type]  # wrong on purpose
        ({"laboratory": (dataclasses.replace(samples.LABORATORY[2], flag="odd"),)}, "flag of Troponin T"),  # type: ignore[arg-type]  # wrong on purpose
        ({"peer_review": PeerReview(reviewer=samples.REVIEWER, outcome="fine")}, "peer review's outcome"),  # type: ignore[arg-type]  # wrong on purpose
        ({"ai_items": (dataclasses.replace(samples.AI_ITEMS[0], decision="proposed"),)}, "decision on AI item"),  # type: ignore[arg-type]  # wrong on purpose
        ({"restated_diagnosis": Diagnosis(text="Kidney disease", icd10="kidney")}, "not written like an ICD-10 code"),
        ({"first_opinion_diagnosis": Diagnosis(text="Kidney disease", icd10="n18.9")}, "ICD-10"),
    ],
)
def test_codes_come_from_their_lists(changes: dict[str, Any], says: str) -> None:
    assert says in problems(**changes)


@pytest.mark.parametrize("code", ["N18.9", "E11.22", "I10", "S72.001A", "C4A", "U07.1", ""])
def test_icd10_codes_of_every_shape_pass(code: str) -> None:
    assert full_report(restated_diagnosis=Diagnosis(text="Named", icd10=code)).restated_diagnosis


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"confidence": 101}, "0 to 100"),
        ({"confidence": -1}, "0 to 100"),
        (
            {"first_read": FirstRead(impression="A", confidence=200, sealed_at=samples.report_fields()["signed_at"])},
            "0 to 100",
        ),
        ({"summary": ""}, "summary is empty"),
        ({"proposed_plan": "\n"}, "proposed plan is empty"),
        ({"would_change_confidence": ""}, "would change the confidence is empty"),
        ({"plain_language": PlainLanguage(text=" ")}, "plain-language page is empty"),
        ({"restated_diagnosis": None}, "restates it"),
        ({"diagnosis_agreement": "major_disagreement", "restated_diagnosis": Diagnosis(text=" ")}, "restates it"),
        ({"alternatives": ()}, "nothing is done"),
        ({"alternatives": (Alternative(title="Surgery", description="Later"),)}, "nothing is done"),
    ],
)
def test_the_opinion_is_complete(changes: dict[str, Any], says: str) -> None:
    assert says in problems(**changes)


@pytest.mark.parametrize("agreement", ["agree", "insufficient_information"])
def test_an_opinion_that_does_not_differ_need_not_restate_the_diagnosis(agreement: str) -> None:
    assert full_report(diagnosis_agreement=agreement, restated_diagnosis=None).restated_diagnosis is None


@pytest.mark.parametrize("confidence", [0, 100])
def test_confidence_reaches_both_ends(confidence: int) -> None:
    assert full_report(confidence=confidence).confidence == confidence


def test_documents_carry_a_hash_and_missing_ones_what_they_could_change() -> None:
    bad = DocumentReliedOn(id=samples.LAB_DOCUMENT, name="lab.pdf", sha256="0" * 63)
    assert "hash of document" in problems(documents_relied_on=(bad,))
    assert "could change" in problems(documents_not_seen=(DocumentNotSeen(name="CT", could_change=""),))


def test_a_result_comes_from_a_document_that_was_relied_on() -> None:
    stray = dataclasses.replace(samples.LABORATORY[1], document_id=uid(99))
    assert "not among those relied on" in problems(laboratory=(stray,))


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(MalformedReport) as caught:
        full_report(summary="", confidence=900, questions=())
    assert len(caught.value.problems) >= 3
