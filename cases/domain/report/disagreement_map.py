"""The disagreement map: who said what, where they agree, where not, why, and what would settle it.

The peer judges the opinion as a whole; so each row shows the same verdict of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cases.domain.report.signed_report import SignedReport

Topic = Literal["diagnosis", "treatment"]
Outcome = Literal["agree", "partly", "differ", "unknown"]

_OUTCOME: dict[str, Outcome] = {
    "agree": "agree",
    "refined": "partly",
    "minor_disagreement": "partly",
    "minor_change": "partly",
    "major_disagreement": "differ",
    "major_change": "differ",
    "alternative": "differ",
    "insufficient_information": "unknown",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One topic. ``why`` and ``settled_by`` are the author's words, empty when they gave none.

    ``peer`` is the reviewer's outcome, empty without a review; ``outcome`` compares first opinion and this one.
    """

    topic: Topic
    outcome: Outcome
    first_opinion: str
    sealed_read: str
    final: str
    peer: str
    why: str
    settled_by: str


def disagreement_map(report: SignedReport) -> tuple[Row, ...]:
    """Diagnosis and treatment. The sealed read is one impression of the whole, shown with the diagnosis."""
    first, restated = report.first_opinion_diagnosis, report.restated_diagnosis
    peer = report.peer_review.outcome if report.peer_review else ""
    return (
        Row(
            topic="diagnosis",
            outcome=_OUTCOME[report.diagnosis_agreement],
            first_opinion=_coded(first.text, first.icd10) if first else "",
            sealed_read=report.first_read.impression if report.first_read else "",
            final=_coded(restated.text, restated.icd10) if restated else "",
            peer=peer,
            why=report.diagnosis_reason,
            settled_by=report.diagnosis_settled_by,
        ),
        Row(
            topic="treatment",
            outcome=_OUTCOME[report.treatment_agreement],
            first_opinion=report.first_opinion_treatment,
            sealed_read="",
            final=report.proposed_plan,
            peer=peer,
            why=report.treatment_reason,
            settled_by=report.treatment_settled_by,
        ),
    )


def confidence_drift(report: SignedReport) -> int | None:
    """Final minus sealed confidence, in points of 100; None without a sealed read."""
    return report.confidence - report.first_read.confidence if report.first_read else None


def _coded(text: str, icd10: str) -> str:
    return f"{text} (ICD-10 {icd10})" if text and icd10 else text
