"""Codes as people read them."""

from collections.abc import Mapping
from typing import Any

from cases import services as cases

LABELS = {
    "agree": "I agree",
    "refined": "I agree, but would put it more precisely",
    "minor_disagreement": "I disagree in a minor point",
    "major_disagreement": "I disagree",
    "insufficient_information": "The records do not allow a judgement",
    "minor_change": "I would change a detail",
    "major_change": "I would change it",
    "alternative": "I propose another treatment",
    "none": "None",
    "minor": "Minor",
    "moderate": "Moderate",
    "major": "Major",
}


def options(draft: Mapping[str, Any]) -> dict[str, list[tuple[str, str, bool]]]:
    """(code, label, chosen) of each coded field of the opinion."""
    words = cases.vocabulary()
    codes = {
        "diagnosis_agreement": words.diagnosis_agreement,
        "treatment_agreement": words.treatment_agreement,
        "clinical_impact": words.clinical_impact,
    }
    return {name: [(c, LABELS[c], draft.get(name) == c) for c in values] for name, values in codes.items()}
