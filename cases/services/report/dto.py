"""What is handed out of reports: frozen, plain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ReportDTO:
    """A report: hashes of its two files (hex), its standing (``valid``, ``superseded``, ``withdrawn``), its manifest.

    The manifest is a signed statement (JWS); it is empty for a report that was built before there were any.
    """

    id: UUID
    case_id: UUID
    opinion_number: int
    pdf_sha256: str
    fhir_sha256: str
    opened_at: datetime | None
    delivered_at: datetime | None
    standing: str
    manifest: str


@dataclass(frozen=True, kw_only=True)
class ReportFile:
    """One file of a report, of which version it is, and that version's standing."""

    content: bytes
    version: int
    standing: str
