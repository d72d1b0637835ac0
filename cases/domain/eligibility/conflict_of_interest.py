"""Conflict-of-interest attestation: every question answered, every answer no."""

from collections.abc import Mapping

QUESTIONS: dict[str, str] = {
    "knows_patient": "a personal or family relation to the patient",
    "treated_patient": "earlier treatment of, or advice to, the patient",
    "relation_to_clinician": "a relation to the treating clinician or facility",
    "referrer_or_payer": "money from, or a debt to, the referrer or payer",
    "therapy_maker": "money from, or a share in, the maker of a therapy that is considered",
}


def faults(attestation: Mapping[str, object] | None) -> tuple[str, ...]:
    """What stands against accepting: unanswered questions, and answers other than no."""
    given = attestation or {}
    missing = tuple(f"answer {key}" for key in QUESTIONS if not isinstance(given.get(key), bool))
    declared = tuple(text for key, text in QUESTIONS.items() if given.get(key) is True)
    return missing + declared
