"""What is handed out of documents: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.domain.documents.coverage import ReadingCoverage
from cases.domain.documents.document_text import PageText


@dataclass(frozen=True, kw_only=True)
class DocumentDTO:
    """One document; ``verdict`` is complete, partial or failed once it was read, and ``reasons`` say why.

    ``doubts`` (name, birth_date, sex, record_number, side) keep it from being accepted until two people released it;
    ``releases`` counts them. ``kind`` is empty, with its confidence, when the text does not tell. While the document is
    in the machine, ``step`` is waiting, reading, drawing, recognising or checking, with the pages that are done of it;
    ``step_total`` is 0 while nobody knows it. ``coverage`` says what was read and what was not, to whoever may open
    the document; ``None`` before it was read, and to others.
    """

    id: UUID
    case_id: UUID
    state: str
    name: str
    media_type: str
    size: int
    sha256: str
    page_count: int
    verdict: str
    reasons: tuple[str, ...]
    identity_match: str
    doubts: tuple[str, ...]
    releases: int
    kind: str
    kind_confidence: float | None
    scanner: str
    advice: str
    metadata: Mapping[str, Any]
    uploaded_at: datetime
    version: int
    step: str
    step_done: int
    step_total: int
    coverage: ReadingCoverage | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentText:
    """What was read in a document, page by page.

    ``deidentified`` is the copy without names by page number, of the same length as the text; ``None`` for a page in
    which something would be left, and as a whole for a document that was read before copies were made.
    ``uploaded_on`` is the day on which it came, ``reader_version`` the reader that this is from.
    """

    document_id: UUID
    case_id: UUID
    patient_id: UUID
    verdict: str
    pages: tuple[PageText, ...]
    deidentified: Mapping[int, str | None] | None
    uploaded_on: date
    reader_version: int
