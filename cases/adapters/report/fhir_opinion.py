"""The opinion itself as FHIR resources: questions, answers, coded agreement, diagnoses, plans, provenance."""

from __future__ import annotations

from base64 import b64encode

from cases.adapters.report import words as wording
from cases.adapters.report.fhir_parts import (
    ICD10,
    OWN_CODES,
    TERMINOLOGY,
    Resource,
    concept,
    derived_id,
    instant,
    reference,
)
from cases.adapters.report.fhir_people import role_id
from cases.domain.report.signed_report import Diagnosis, QuestionAnswer, SignedReport


def questions(report: SignedReport) -> list[Resource]:
    """One ServiceRequest per question of the patient."""
    return [
        {
            "resourceType": "ServiceRequest",
            "id": str(derived_id(report, "question", q.number)),
            "status": "completed",
            "intent": "order",
            "code": concept(f"Second opinion, question {q.number}"),
            "subject": reference(report.patient.id),
            "performer": [reference(role_id(report, report.author))],
            "reasonCode": [concept(q.question)],
        }
        for q in report.questions
    ]


def answers(report: SignedReport) -> list[Resource]:
    """One Observation per answer, and one per coded statement of the opinion."""
    answered = [_answer(report, q) for q in report.questions]
    coded = {
        "diagnosis-agreement": (
            "Agreement with the first diagnosis",
            report.diagnosis_agreement,
            wording.DIAGNOSIS_AGREEMENT,
        ),
        "treatment-agreement": (
            "Agreement with the treatment",
            report.treatment_agreement,
            wording.TREATMENT_AGREEMENT,
        ),
        "clinical-impact": ("Effect on care", report.clinical_impact, wording.CLINICAL_IMPACT),
    }
    statements = [
        _statement(
            report,
            kind,
            title,
            {"valueCodeableConcept": concept(words[code], system=f"{OWN_CODES}:{kind}", code=code)},
        )
        for kind, (title, code, words) in coded.items()
    ]
    confidence = _statement(report, "confidence", "Confidence, 0 to 100", {"valueInteger": report.confidence})
    return [*answered, *statements, confidence]


def _answer(report: SignedReport, q: QuestionAnswer) -> Resource:
    if q.answer.strip():
        value: Resource = {"valueString": q.answer}
    else:
        code, system = "unknown", f"{TERMINOLOGY}/data-absent-reason"
        value = {"dataAbsentReason": concept(q.cannot_answer_reason, system=system, code=code)}
    value["basedOn"] = [reference(derived_id(report, "question", q.number))]
    return _statement(report, f"answer-{q.number}", f"Answer to question {q.number}", value)


def _statement(report: SignedReport, kind: str, title: str, value: Resource) -> Resource:
    return {
        "resourceType": "Observation",
        "id": str(derived_id(report, kind)),
        "status": "final",
        "code": concept(title),
        "subject": reference(report.patient.id),
        "effectiveDateTime": instant(report.signed_at),
        "performer": [reference(role_id(report, report.author))],
        **value,
    }


def conditions(report: SignedReport) -> list[Resource]:
    """The first opinion's diagnosis and the restated one, each marked with whose it is."""
    found = (
        ("first-diagnosis", report.first_opinion_diagnosis, "As the first opinion states it."),
        ("restated-diagnosis", report.restated_diagnosis, "As this second opinion states it."),
    )
    return [
        _condition(report, kind, diagnosis, note)
        for kind, diagnosis, note in found
        if diagnosis and diagnosis.text.strip()
    ]


def _condition(report: SignedReport, kind: str, diagnosis: Diagnosis, note: str) -> Resource:
    own = kind == "restated-diagnosis"
    return {
        "resourceType": "Condition",
        "id": str(derived_id(report, kind)),
        # An opinion on records, without an examination, does not by itself confirm a diagnosis.
        "verificationStatus": concept(system=f"{TERMINOLOGY}/condition-ver-status", code="provisional"),
        "code": concept(diagnosis.text, system=ICD10, code=diagnosis.icd10),
        "subject": reference(report.patient.id),
        "asserter": reference(role_id(report, report.author)) if own else None,
        "note": [{"text": note}],
    }


def plans(report: SignedReport) -> list[Resource]:
    """The proposed CarePlan, then each alternative as an option."""
    options = [(o.title, o.description, "option") for o in report.alternatives]
    proposals = [("Proposed plan", report.proposed_plan, "proposal"), *options]
    return [
        {
            "resourceType": "CarePlan",
            "id": str(derived_id(report, "plan", n)),
            "status": "draft",
            "intent": intent,
            "title": title,
            "description": description,
            "subject": reference(report.patient.id),
            "author": reference(role_id(report, report.author)),
        }
        for n, (title, description, intent) in enumerate(proposals)
    ]


def advised_tests(report: SignedReport) -> list[Resource]:
    """One proposed ServiceRequest per further test."""
    return [
        {
            "resourceType": "ServiceRequest",
            "id": str(derived_id(report, "advised-test", n)),
            "status": "draft",
            "intent": "proposal",
            "code": concept(test),
            "subject": reference(report.patient.id),
            "requester": reference(role_id(report, report.author)),
        }
        for n, test in enumerate(report.further_tests)
    ]


def provenance(report: SignedReport) -> Resource:
    """Who signed what when, from which sources, with which software; the signature holds the signed hash."""
    author = reference(role_id(report, report.author))
    participant = f"{TERMINOLOGY}/provenance-participant-type"
    engines = sorted({wording.engine(item.engine) for item in report.ai_items if item.decision != "rejected"})
    return {
        "resourceType": "Provenance",
        "id": str(derived_id(report, "provenance")),
        "target": [reference(report.report_id)],
        "recorded": instant(report.signed_at),
        "agent": [
            {"type": concept(system=participant, code="author"), "who": author},
            *({"type": concept(system=participant, code="assembler"), "who": {"display": e}} for e in engines),
        ],
        "entity": [{"role": "source", "what": reference(d.id)} for d in report.documents_relied_on],
        "signature": [
            {
                "type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
                "when": instant(report.signed_at),
                "who": author,
                "targetFormat": "application/json",
                "sigFormat": "application/octet-stream",
                "data": b64encode(bytes.fromhex(report.content_hash)).decode(),
            }
        ],
    }
