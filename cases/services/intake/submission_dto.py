"""Temporary submissions as plain data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class OpenedSubmission:
    """The id, and the secret (43 signs, 256 random bits), which is told this once."""

    id: UUID
    secret: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SubmissionFileDTO:
    """A file that waits in quarantine; ``size`` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Advised:
    """A red flag of the answers, with the wording to show before anything else."""

    rule: str
    advice: str
    advice_version: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SubmissionDTO:
    """``fields`` as a case's draft takes them; ``answers`` by linkId."""

    id: UUID
    version: int
    expires_at: datetime
    fields: dict[str, Any]
    answers: dict[str, Any]
    files: tuple[SubmissionFileDTO, ...]
    red_flags: tuple[Advised, ...]
