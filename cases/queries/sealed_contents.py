"""Sealing and opening what the tables of this context hold."""

from typing import Any
from uuid import UUID

from cases.models import Case
from config.kernel.crypto import DataKey, Place, open_json, open_text, seal_json, seal_text


def place(model: str, column: str, row_id: UUID) -> Place:
    """Where a sealed cell of this context lives."""
    return Place(f"cases_{model}", column, row_id)


def title_of(case: Case, key: DataKey) -> str:
    """The case's title in the patient's words."""
    return open_text(key, place("case", "title", case.id), case.title_sealed)


# What the first doctor said, which a specialist does not read before their own impression is stored.
FIRST_OPINION = ("diagnosis", "proposed_treatment", "first_opinion")


def intake_of(case: Case, key: DataKey) -> dict[str, Any]:
    """Everything the patient told at intake; see ``cases.services.intake.drafts`` for its keys."""
    intake: dict[str, Any] = open_json(key, place("case", "intake", case.id), case.intake_sealed)
    return intake


def questions_of(case: Case, key: DataKey) -> tuple[tuple[int, str], ...]:
    """The questions, in order: (number, text)."""
    return tuple(
        (q.number, open_text(key, place("question", "text", q.id), q.text_sealed)) for q in case.questions.all()
    )


def sealed_title(case_id: UUID, key: DataKey, title: str) -> bytes:
    """Seal a title."""
    return seal_text(key, place("case", "title", case_id), title)


def sealed_intake(case_id: UUID, key: DataKey, intake: dict[str, Any]) -> bytes:
    """Seal an intake."""
    return seal_json(key, place("case", "intake", case_id), intake)
