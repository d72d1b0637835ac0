"""The answers of a case as plain data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.services.intake.red_flags import RedFlagDTO


@dataclass(frozen=True, kw_only=True)
class IntakeDTO:
    """``questionnaires`` are (code, version, sha256); ``asked`` and ``missing`` are linkIds, in the order asked.

    ``version`` is 0 before the first answer. ``interrupted``: a red flag waits to be acknowledged.
    """

    case_id: UUID
    version: int
    condition: str
    questionnaires: tuple[tuple[str, str, str], ...]
    answers: dict[str, Any]
    asked: tuple[str, ...]
    missing: tuple[str, ...]
    red_flags: tuple[RedFlagDTO, ...]
    interrupted: bool
    completed_at: datetime | None
