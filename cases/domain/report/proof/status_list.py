"""The signed list of reports that have a newer version, or were withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cases.domain.report.proof.jws import Signer, Unsigned, encode

KIND_STATUS = "report-status"


def veiled(report_id: UUID | str) -> str:
    """A report's id as a status list names it: who holds the report finds it, who holds the list learns no id."""
    return encode(hashlib.sha256(f"report:{report_id}".encode()).digest()[:16])


@dataclass(frozen=True)
class StatusList:
    """Which reports were superseded or withdrawn at one time, by their veiled ids."""

    at: datetime
    superseded: frozenset[str]
    withdrawn: frozenset[str]


def signed_status(
    by: Signer, *, issuer: str, at: datetime, superseded: Iterable[UUID], withdrawn: Iterable[UUID]
) -> str:
    """A status list as a signed statement."""
    said = {
        "iss": issuer,
        "at": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "superseded": sorted(map(veiled, superseded)),
        "withdrawn": sorted(map(veiled, withdrawn)),
    }
    return by.sign(KIND_STATUS, said)


def status_of(said: Mapping[str, Any]) -> StatusList:
    """From what a verified statement says. Raises ``Unsigned``."""
    try:
        return StatusList(
            datetime.fromisoformat(said["at"]), frozenset(said["superseded"]), frozenset(said["withdrawn"])
        )
    except (KeyError, ValueError, TypeError):
        raise Unsigned("The status list lacks a part.") from None
