"""What must hold before anything is delivered. Each check yields sentences; none quotes what a run proposed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from cases.domain.report.report_parts import (
    AiDecision,
    AiItem,
    ClinicalImpact,
    DiagnosisAgreement,
    LabFlag,
    PeerOutcome,
    Sex,
    TreatmentAgreement,
)

if TYPE_CHECKING:
    from cases.domain.report.signed_report import SignedReport

MAX_QUESTIONS = 10
# Shorter texts ("hypertension") are words any author may use by themselves; they prove nothing about their origin.
MIN_TELLING_LENGTH = 25

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?")


def problems_of(report: SignedReport) -> tuple[str, ...]:
    """All that is wrong with the report, in reading order; empty when it may be delivered."""
    return tuple(problem for check in _CHECKS for problem in check(report))


def _identity(report: SignedReport) -> Iterator[str]:
    named = {
        "case reference": report.case_reference,
        "patient's name": report.patient.name,
        "author's name": report.author.name,
        "author's licence place": report.author.licence_place,
    }
    for what, text in named.items():
        if not text.strip():
            yield f"The {what} is empty."
    if report.signed_at.tzinfo is None:
        yield "The time of signature has no time zone."
    if report.version < 1:
        yield "The version starts at 1."
    if not _SHA256.fullmatch(report.content_hash):
        yield "The content hash is not 64 lower-case hex digits."
    if report.supersedes is not None and not report.amendment_reason.strip():
        yield "A version that supersedes another says why."
    if report.peer_review and report.peer_review.reviewer.id == report.author.id:
        yield "The peer reviewer is the author."


def _questions(report: SignedReport) -> Iterator[str]:
    if not 1 <= len(report.questions) <= MAX_QUESTIONS:
        yield f"A report answers 1 to {MAX_QUESTIONS} questions, not {len(report.questions)}."
    if [q.number for q in report.questions] != list(range(1, len(report.questions) + 1)):
        yield "Questions are numbered 1, 2, 3 … in order."
    for q in report.questions:
        if not q.question.strip():
            yield f"Question {q.number} has no text."
        if bool(q.answer.strip()) == bool(q.cannot_answer_reason.strip()):
            yield f"Question {q.number} needs either an answer or the reason why it cannot be answered."


def _codes(report: SignedReport) -> Iterator[str]:
    coded: list[tuple[str, str, object]] = [
        ("diagnosis agreement", report.diagnosis_agreement, DiagnosisAgreement),
        ("treatment agreement", report.treatment_agreement, TreatmentAgreement),
        ("clinical impact", report.clinical_impact, ClinicalImpact),
        ("patient's sex", report.patient.sex, Sex),
        *[(f"decision on AI item {i.id}", i.decision, AiDecision) for i in report.ai_items],
        *[(f"flag of {lab.name}", lab.flag, LabFlag) for lab in report.laboratory],
    ]
    if report.peer_review:
        coded.append(("peer review's outcome", report.peer_review.outcome, PeerOutcome))
    for what, value, allowed in coded:
        if value not in get_args(allowed):
            yield f"The {what} must be one of {', '.join(get_args(allowed))}."
    for diagnosis in filter(None, (report.first_opinion_diagnosis, report.restated_diagnosis)):
        if diagnosis.icd10 and not _ICD10.fullmatch(diagnosis.icd10):
            yield f"{diagnosis.icd10!r} is not written like an ICD-10 code."


def _opinion(report: SignedReport) -> Iterator[str]:
    confidences = [report.confidence, *([report.first_read.confidence] if report.first_read else [])]
    if any(not 0 <= value <= 100 for value in confidences):
        yield "Confidence is a number from 0 to 100."
    needed = {
        "summary": report.summary,
        "proposed plan": report.proposed_plan,
        "statement of what would change the confidence": report.would_change_confidence,
        "plain-language page": report.plain_language.text,
    }
    for what, text in needed.items():
        if not text.strip():
            yield f"The {what} is empty."
    restated = report.restated_diagnosis
    needs_diagnosis = report.diagnosis_agreement in ("refined", "minor_disagreement", "major_disagreement")
    if needs_diagnosis and (restated is None or not restated.text.strip()):
        yield "An opinion that differs on the diagnosis restates it."
    if not any(option.is_doing_nothing for option in report.alternatives):
        yield "The alternatives name what happens when nothing is done."


def _documents(report: SignedReport) -> Iterator[str]:
    for document in report.documents_relied_on:
        if not _SHA256.fullmatch(document.sha256):
            yield f"The hash of document {document.id} is not 64 lower-case hex digits."
    for missing in report.documents_not_seen:
        if not missing.could_change.strip():
            yield f"Say what the missing record {missing.name!r} could change."
    known = {document.id for document in report.documents_relied_on}
    for counts in report.reading:
        if counts.document_id not in known:
            yield f"What was read is told of document {counts.document_id}, which is not among those relied on."
    for lab in report.laboratory:
        if lab.document_id is not None and lab.document_id not in known:
            yield f"The result {lab.name!r} comes from a document that is not among those relied on."


def _ai_items(report: SignedReport) -> Iterator[str]:
    items = {item.id: item for item in report.ai_items}
    for item in report.ai_items:
        if item.decision == "rejected" and item.final_text.strip():
            yield f"AI item {item.id} was rejected but still carries text."
        if item.decision == "accepted" and item.final_text != item.proposed_text:
            yield f"AI item {item.id} was accepted but its text differs: that is an edit."
        if item.decision == "edited" and not item.final_text.strip():
            yield f"AI item {item.id} was edited to nothing: that is a rejection."
    for where, item_id in _cited_items(report):
        if item_id not in items:
            yield f"{where} cites an AI item that nobody decided on."
        elif items[item_id].decision == "rejected":
            yield f"{where} comes from a rejected AI item."


def _ai_texts(report: SignedReport) -> Iterator[str]:
    stand = _normal(" \n ".join(item.final_text for item in report.ai_items))
    delivered = [(where, _normal(text)) for where, text in authored_texts(report)]
    for item in report.ai_items:
        text = _unaccepted_text(item)
        if len(text) < MIN_TELLING_LENGTH or text in stand:
            continue
        for where, written in delivered:
            if text in written:
                yield f"{where} repeats the words of AI item {item.id}, which was {item.decision}: rewrite it."


def _unaccepted_text(item: AiItem) -> str:
    return "" if item.decision == "accepted" else _normal(item.proposed_text)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())


def _cited_items(report: SignedReport) -> Iterator[tuple[str, UUID]]:
    for q in report.questions:
        yield from ((f"The answer to question {q.number}", item_id) for item_id in q.ai_item_ids)
    rows = [
        *((f"The medicine {m.name!r}", m.ai_item_id) for m in report.medicines),
        *((f"The allergy {a.substance!r}", a.ai_item_id) for a in report.allergies),
        *((f"The result {lab.name!r}", lab.ai_item_id) for lab in report.laboratory),
    ]
    yield from ((where, item_id) for where, item_id in rows if item_id is not None)


def authored_texts(report: SignedReport) -> Iterator[tuple[str, str]]:
    """Everything the author wrote, as (place, text); what the patient told (questions, history) is not in it."""
    for q in report.questions:
        yield f"The answer to question {q.number}", q.answer or q.cannot_answer_reason
    yield "The summary", report.summary
    yield "The proposed plan", report.proposed_plan
    yield "The plain-language page", report.plain_language.text
    yield "The statement on confidence", report.would_change_confidence
    if report.restated_diagnosis:
        yield "The restated diagnosis", report.restated_diagnosis.text
    for topic, reason, settled_by in (
        ("diagnosis", report.diagnosis_reason, report.diagnosis_settled_by),
        ("treatment", report.treatment_reason, report.treatment_settled_by),
    ):
        yield f"The reason given for the {topic}", reason
        yield f"What would settle the {topic}", settled_by
    for option in report.alternatives:
        yield f"The alternative {option.title!r}", f"{option.title}. {option.description}"
    for label, texts in (
        ("red flag", report.red_flags),
        ("further test", report.further_tests),
        ("limitation", report.limitations),
        ("reference", report.references),
    ):
        yield from ((f"A {label}", text) for text in texts)
    for missing in report.documents_not_seen:
        yield "A record not seen", missing.could_change


_CHECKS: tuple[Callable[[SignedReport], Iterator[str]], ...] = (
    _identity,
    _questions,
    _codes,
    _opinion,
    _documents,
    _ai_items,
    _ai_texts,
)
