"""What is known of the person; unknown stays unknown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """``sex`` is a FHIR administrative gender or ``None``; ``age_years`` is whole years or ``None``."""

    sex: str | None = None
    age_years: int | None = None
