"""The signed report as a FHIR R4 (4.0.1) document Bundle of plain JSON values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cases.adapters.report import fhir_clinical_resources as clinical
from cases.adapters.report import fhir_opinion as opinion
from cases.adapters.report import fhir_sections as sections
from cases.adapters.report.fhir_parts import (
    LOINC,
    URI,
    Resource,
    block,
    bullets,
    concept,
    derived_id,
    instant,
    pruned,
    reference,
)
from cases.adapters.report.fhir_people import has_organisation, organisation_id, people, role_id
from cases.domain.report.signed_report import SignedReport

CONSULTATION_NOTE = "85208-7"


@dataclass(frozen=True, kw_only=True)
class _Contents:
    """Every resource of the document but the Composition, by its section."""

    questions: list[Resource]
    answers: list[Resource]
    allergies: list[Resource]
    medicines: list[Resource]
    results: list[Resource]
    documents: list[Resource]
    conditions: list[Resource]
    tests: list[Resource]
    plans: list[Resource]
    others: list[Resource] = field(default_factory=list)

    def all(self) -> list[Resource]:
        """In the order of the bundle."""
        by_section = (
            self.questions,
            self.answers,
            self.allergies,
            self.medicines,
            self.results,
            self.documents,
        )
        return [r for group in (*by_section, self.conditions, self.tests, self.plans, self.others) for r in group]


def build_bundle(report: SignedReport) -> dict[str, Any]:
    """A document Bundle: Composition first, then all it refers to. Equal reports give equal bundles."""
    contents = _Contents(
        questions=opinion.questions(report),
        answers=opinion.answers(report),
        allergies=clinical.allergies(report),
        medicines=clinical.medicines(report),
        results=clinical.observations(report),
        documents=clinical.documents(report),
        conditions=opinion.conditions(report),
        tests=opinion.advised_tests(report),
        plans=opinion.plans(report),
        others=[opinion.provenance(report)],
    )
    resources = [_composition(report, contents), *people(report), *contents.all()]
    bundle: dict[str, Any] = pruned(
        {
            "resourceType": "Bundle",
            "id": str(derived_id(report, "bundle")),
            "identifier": {"system": URI, "value": f"urn:uuid:{derived_id(report, 'bundle')}"},
            "type": "document",
            "timestamp": instant(report.signed_at),
            "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in resources],
        }
    )
    return bundle


def _composition(report: SignedReport, contents: _Contents) -> Resource:
    author = reference(role_id(report, report.author))
    return {
        "resourceType": "Composition",
        "id": str(report.report_id),
        "language": report.language,
        "identifier": {"system": URI, "value": f"urn:uuid:{report.report_id}"},
        "status": "amended" if report.supersedes else "final",
        "type": concept("Second medical opinion", system=LOINC, code=CONSULTATION_NOTE),
        "subject": reference(report.patient.id),
        "date": instant(report.signed_at),
        "author": [author],
        "title": f"Second medical opinion, case {report.case_reference}, version {report.version}",
        "attester": _attesters(report),
        "custodian": reference(organisation_id(report, report.author)) if has_organisation(report.author) else None,
        "relatesTo": _relations(report),
        "section": _sections(report, contents),
    }


def _attesters(report: SignedReport) -> list[Resource]:
    author = reference(role_id(report, report.author))
    attesters: list[Resource] = [{"mode": "legal", "time": instant(report.signed_at), "party": author}]
    review = report.peer_review
    # A reviewer who disagrees attests nothing: the dissent is in the text instead.
    if review and review.outcome != "major_disagreement":
        attesters.append({"mode": "professional", "party": reference(role_id(report, review.reviewer))})
    return attesters


def _relations(report: SignedReport) -> list[Resource]:
    if report.supersedes is None:
        return []
    earlier = {"system": URI, "value": f"urn:uuid:{report.supersedes}"}
    return [{"code": "replaces", "targetIdentifier": earlier}]


def _sections(report: SignedReport, contents: _Contents) -> list[Resource]:
    medicines = [f"{m.name} {m.dosage}" for m in report.medicines]
    allergies = [f"{a.substance}: {a.reaction}" if a.reaction else a.substance for a in report.allergies]
    asked = [f"{q.number}. {q.question}" for q in report.questions]
    make = sections.section
    none_known, none_advised = "None recorded.", "None advised."
    return [
        make("Questions", "29299-5", [bullets(asked)], entries=contents.questions),
        make("History", "11329-0", [block(report.history)], empty="Not stated."),
        make("Allergies", "48765-2", [bullets(allergies)], entries=contents.allergies, empty=none_known),
        make("Medicines", "10160-0", [bullets(medicines)], entries=contents.medicines, empty=none_known),
        make(
            "Earlier test results",
            "30954-2",
            [sections.laboratory(report)],
            entries=contents.results,
            empty=none_known,
        ),
        make(
            "What the opinion rests on",
            "47045-0",
            [block("The records, the review and the software behind this opinion.")],
            entries=contents.documents,
            parts=sections.evidence_parts(report),
        ),
        make("Diagnosis", "29548-5", sections.diagnosis(report), entries=contents.conditions),
        make(
            "Conclusions and answers",
            "55110-1",
            sections.conclusions(report),
            entries=contents.answers,
            parts=sections.conclusion_parts(report),
        ),
        make(
            "Tests advised",
            "80615-8",
            [bullets(report.further_tests)],
            entries=contents.tests,
            empty=none_advised,
        ),
        make("Therapy advised", "93341-6", sections.therapy(report), entries=contents.plans),
    ]
