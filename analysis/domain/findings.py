"""What an engine may say: a finding with the source that supports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analysis.domain.spans import Span


class Kind(StrEnum):
    """What a finding is about."""

    LABORATORY = "laboratory"
    MEDICINE = "medicine"
    INTERACTION = "interaction"
    RED_FLAG = "red_flag"
    NOT_CHECKED = "not_checked"
    NOT_READ = "not_read"


class Severity(StrEnum):
    """How much it matters, from none to an emergency; ``rank`` orders."""

    INFORMATION = "information"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for information up to 4 for critical."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a published system (``http://loinc.org``)."""

    system: str
    code: str
    display: str

    def as_json(self) -> dict[str, str]:
        """Plain JSON."""
        return {"system": self.system, "code": self.code, "display": self.display}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One statement with at least one span. ``confidence`` is 0–1, or None where nothing was estimated."""

    kind: Kind
    title: str
    detail: str
    severity: Severity
    spans: tuple[Span, ...]
    knowledge_release: str
    confidence: float | None = None
    codes: tuple[Code, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    engine: str = "local"

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("a finding without a source is a guess")
