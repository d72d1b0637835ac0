"""The words that forms are made of: conflict questions and coded answers, in the order in which they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.domain.eligibility.conflict_of_interest import QUESTIONS
from cases.domain.opinion.opinion_content import CLINICAL_IMPACT, DIAGNOSIS_AGREEMENT, TREATMENT_AGREEMENT


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Conflict-of-interest questions by key, and the codes of the opinion."""

    coi_questions: Mapping[str, str]
    diagnosis_agreement: tuple[str, ...]
    treatment_agreement: tuple[str, ...]
    clinical_impact: tuple[str, ...]


def vocabulary() -> Vocabulary:
    """What a form for accepting a case and writing its opinion offers."""
    return Vocabulary(
        coi_questions=QUESTIONS,
        diagnosis_agreement=DIAGNOSIS_AGREEMENT,
        treatment_agreement=TREATMENT_AGREEMENT,
        clinical_impact=CLINICAL_IMPACT,
    )
