"""The signed report: everything the patient's PDF and the FHIR document are built from, checked before either is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.domain.report.report_checks import problems_of
from cases.domain.report.report_parts import (
    AiDecision,
    AiItem,
    Allergy,
    Alternative,
    ClinicalImpact,
    Diagnosis,
    DiagnosisAgreement,
    DocumentNotSeen,
    DocumentReliedOn,
    FirstRead,
    LabFlag,
    LabValue,
    Medicine,
    NotTakenOver,
    PeerOutcome,
    PeerReview,
    PlainLanguage,
    QuestionAnswer,
    ReadingCounts,
    ReportClinician,
    ReportPatient,
    Sex,
    TreatmentAgreement,
)

__all__ = [
    "AiDecision",
    "AiItem",
    "Allergy",
    "Alternative",
    "ClinicalImpact",
    "Diagnosis",
    "DiagnosisAgreement",
    "DocumentNotSeen",
    "DocumentReliedOn",
    "FirstRead",
    "LabFlag",
    "LabValue",
    "MalformedReport",
    "Medicine",
    "NotTakenOver",
    "PeerOutcome",
    "PeerReview",
    "PlainLanguage",
    "QuestionAnswer",
    "ReadingCounts",
    "ReportClinician",
    "ReportPatient",
    "Sex",
    "SignedReport",
    "TreatmentAgreement",
]


class MalformedReport(ValueError):
    """The data cannot become a report. `problems` are sentences for who can mend them, free of AI text."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedReport:
    """One signed opinion version as data. Creating it checks it; `MalformedReport` names all that is wrong.

    `…_reason` says why this opinion agrees or differs, `…_settled_by` which test would settle it; either may be empty.
    `content_hash` is the 64 hex digits of the hash the author signed; `confidence` is 0–100; times carry a zone.
    `reading` tells how far each document was read; it is empty in versions that were finished before that was kept.
    Texts are plain: whatever looks like markup in them is printed as written.
    """

    report_id: UUID
    case_id: UUID
    case_reference: str
    patient: ReportPatient
    author: ReportClinician
    signed_at: datetime
    content_hash: str
    version: int
    questions: tuple[QuestionAnswer, ...]
    summary: str
    history: str
    diagnosis_agreement: DiagnosisAgreement
    treatment_agreement: TreatmentAgreement
    clinical_impact: ClinicalImpact
    confidence: int
    would_change_confidence: str
    proposed_plan: str
    plain_language: PlainLanguage
    alternatives: tuple[Alternative, ...] = ()
    first_opinion_diagnosis: Diagnosis | None = None
    first_opinion_treatment: str = ""
    restated_diagnosis: Diagnosis | None = None
    diagnosis_reason: str = ""
    diagnosis_settled_by: str = ""
    treatment_reason: str = ""
    treatment_settled_by: str = ""
    first_read: FirstRead | None = None
    peer_review: PeerReview | None = None
    red_flags: tuple[str, ...] = ()
    further_tests: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    laboratory: tuple[LabValue, ...] = ()
    documents_relied_on: tuple[DocumentReliedOn, ...] = ()
    documents_not_seen: tuple[DocumentNotSeen, ...] = ()
    reading: tuple[ReadingCounts, ...] = ()
    not_taken_over: tuple[NotTakenOver, ...] = ()
    files_not_taken_over: int = 0
    ai_items: tuple[AiItem, ...] = ()
    legal_basis: str = ""
    supersedes: UUID | None = None
    amendment_reason: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        if problems := problems_of(self):
            raise MalformedReport(problems)
