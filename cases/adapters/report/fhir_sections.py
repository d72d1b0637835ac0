"""The Composition's sections: a person can read the document from their narrative alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases.adapters.report import coverage_words as coverage
from cases.adapters.report import words as wording
from cases.adapters.report.fhir_parts import (
    LOINC,
    TERMINOLOGY,
    Resource,
    block,
    bullets,
    concept,
    narrative,
)
from cases.domain.report.disagreement_map import disagreement_map
from cases.domain.report.signed_report import AiItem, LabValue, SignedReport

Entries = Sequence[Resource]


def section(
    title: str,
    code: str,
    html: Iterable[str],
    *,
    entries: Entries = (),
    parts: Sequence[Resource] = (),
    empty: str = "",
) -> Resource:
    """One section. Without any text it says `empty` and gives FHIR's reason `unavailable`."""
    written = "".join(html)
    nothing = not written and not entries and not parts
    return {
        "title": title,
        "code": concept(system=LOINC, code=code) if code else None,
        "text": narrative([written or block(empty)]),
        "entry": [{"reference": f"urn:uuid:{resource['id']}"} for resource in entries],
        "emptyReason": concept(system=f"{TERMINOLOGY}/list-empty-reason", code="unavailable") if nothing else None,
        "section": [part for part in parts if part],
    }


def part(title: str, html: Iterable[str]) -> Resource | None:
    """A sub-section of ours without a code; None when it says nothing."""
    written = "".join(html)
    return {"title": title, "text": narrative([written])} if written else None


def questions_and_answers(report: SignedReport) -> list[str]:
    """Each question followed by its answer or the reason why there is none."""
    html: list[str] = []
    for q in report.questions:
        html.append(block(q.question, label=f"Question {q.number}:"))
        if q.answer.strip():
            html.append(block(q.answer, label="Answer:"))
        else:
            html.append(block(q.cannot_answer_reason, label="This cannot be answered:"))
    return html


def laboratory(report: SignedReport) -> str:
    """One line per result."""
    return bullets(_result(lab) for lab in report.laboratory)


def _result(lab: LabValue) -> str:
    limits = wording.reference_range(lab)
    reference = f", reference {limits}" if limits else ""
    return f"{lab.name}: {lab.result} ({wording.LAB_FLAG[lab.flag]}{reference}; {wording.result_day(lab)})"


def diagnosis(report: SignedReport) -> list[str]:
    """First diagnosis, this opinion's, and how they compare."""
    first, restated = report.first_opinion_diagnosis, report.restated_diagnosis
    return [
        block(wording.diagnosis(first, otherwise="none yet"), label="First opinion:"),
        block(wording.diagnosis(restated, otherwise="not restated"), label="This opinion:"),
        block(wording.DIAGNOSIS_AGREEMENT[report.diagnosis_agreement], label="Result:"),
        *(block(words, label=label) for label, words in wording.reasons(disagreement_map(report)[0])),
    ]


def conclusions(report: SignedReport) -> list[str]:
    """Summary, effect, confidence, then the answers."""
    return [
        block(report.summary),
        block(wording.CLINICAL_IMPACT[report.clinical_impact], label="Effect on care:"),
        block(f"{report.confidence} of 100", label="Confidence:"),
        block(report.would_change_confidence, label="What would change this confidence:"),
        *questions_and_answers(report),
    ]


def conclusion_parts(report: SignedReport) -> list[Resource]:
    """Warning signs, limits, sources and the page in plain words."""
    level = wording.reading_level(report)
    parts = (
        part("Warning signs", [bullets(report.red_flags)]),
        part("Limitations", [bullets(report.limitations)]),
        part("References", [bullets(report.references)]),
        part("In plain words", [block(report.plain_language.text), block(coverage.for_patient(report)), block(level)]),
    )
    return [found for found in parts if found]


def therapy(report: SignedReport) -> list[str]:
    """The plan, how it compares, and the alternatives."""
    html = [
        block(wording.TREATMENT_AGREEMENT[report.treatment_agreement], label="Result:"),
        *(block(words, label=label) for label, words in wording.reasons(disagreement_map(report)[1])),
        block(report.proposed_plan, label="Proposed plan:"),
    ]
    for option in report.alternatives:
        nothing = " (doing nothing)" if option.is_doing_nothing else ""
        html.append(block(option.description, label=f"Alternative, {option.title}{nothing}:"))
    return html


def evidence_parts(report: SignedReport) -> list[Resource]:
    """Documents read and missing, first impression, peer review, AI items."""
    relied = [f"{d.name} (SHA-256 {d.sha256})" for d in report.documents_relied_on]
    missing = [f"{d.name}: {d.could_change}" for d in report.documents_not_seen]
    parts = (
        part("Documents relied on", [bullets(relied)]),
        part("Documents not seen and what they could change", [bullets(missing)]),
        part("What was read and what was not", _reading(report)),
        part("Not taken over from records that came as data", [bullets(coverage.not_taken_over(report))]),
        part("The author's first impression, sealed before the rest was shown", _first_read(report)),
        part("Peer review", _peer_review(report)),
        part("Use of artificial intelligence", [bullets(_ai_item(item) for item in report.ai_items)]),
    )
    return [found for found in parts if found]


def _reading(report: SignedReport) -> list[str]:
    names = {document.id: document.name for document in report.documents_relied_on}
    told = [f"{names[one.document_id]}: {coverage.sentence(one)}" for one in report.reading]
    return [bullets(told), block(coverage.stands(report))] if told else []


def _first_read(report: SignedReport) -> list[str]:
    read = report.first_read
    if read is None:
        return []
    sealed = f"Sealed on {wording.moment(read.sealed_at)}, confidence {read.confidence} of 100."
    return [block(read.impression), block(sealed)]


def _peer_review(report: SignedReport) -> list[str]:
    review = report.peer_review
    if review is None:
        return []
    dissent = block(review.dissent, label="Dissent:") if review.dissent.strip() else ""
    return [
        block(review.reviewer.name, label=f"{wording.PEER_OUTCOME[review.outcome]}:"),
        block(review.remarks),
        dissent,
    ]


def _ai_item(item: AiItem) -> str:
    reason = f" ({item.reason})" if item.reason else ""
    stands = f": {item.final_text}" if item.final_text else ""
    return f"{item.kind}, {wording.engine(item.engine)}, {wording.AI_DECISION[item.decision]}{reason}{stands}"
