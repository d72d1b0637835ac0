"""What a report's signed statements say. Nothing in them tells whose report it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cases.domain.report.proof.jws import Signer, Unsigned, decode, encode

KIND_MANIFEST = "report"


def digest(data: bytes) -> str:
    """SHA-256, base64url without padding (43 characters)."""
    return encode(hashlib.sha256(data).digest())


def series_of(case_id: UUID) -> str:
    """Which reports are versions of one another: 128 bits that lead back to no case."""
    return encode(hashlib.sha256(f"report-series:{case_id}".encode()).digest()[:16])


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The core manifest. ``content_hash`` is the signed opinion's, as 64 hex digits; ``fhir`` the ``digest`` of the
    FHIR bundle without its signature; ``signed_at`` an aware time; ``supersedes`` the report that this one replaces.
    """

    issuer: str
    report_id: UUID
    series: str
    version: int
    content_hash: str
    fhir: str
    signer: str
    licence_place: str
    signed_at: datetime
    supersedes: UUID | None = None

    def signed(self, by: Signer) -> str:
        """As a signed statement."""
        at = self.signed_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        said = {
            "iss": self.issuer,
            "report": str(self.report_id),
            "series": self.series,
            "version": self.version,
            "content": encode(bytes.fromhex(self.content_hash)),
            "fhir": self.fhir,
            "signer": self.signer,
            "licence": self.licence_place,
            "at": at,
            **({"supersedes": str(self.supersedes)} if self.supersedes else {}),
        }
        return by.sign(KIND_MANIFEST, said)


def manifest_of(said: Mapping[str, Any]) -> Manifest:
    """From what a verified statement says. Raises ``Unsigned`` when a part is missing."""
    try:
        return Manifest(
            issuer=str(said["iss"]),
            report_id=UUID(said["report"]),
            series=str(said["series"]),
            version=int(said["version"]),
            content_hash=decode(said["content"]).hex(),
            fhir=str(said["fhir"]),
            signer=str(said["signer"]),
            licence_place=str(said["licence"]),
            signed_at=datetime.fromisoformat(said["at"]),
            supersedes=UUID(said["supersedes"]) if "supersedes" in said else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Unsigned("The manifest lacks a part.") from None
