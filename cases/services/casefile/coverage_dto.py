"""What is told of how far a case was read: frozen, plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cases.domain.documents.coverage import ReadingCoverage


@dataclass(frozen=True, kw_only=True)
class PlaceInText:
    """A place of a page's text that a finding is about: what is printed there, and what is said of it."""

    finding_id: UUID
    page: int
    start: int
    end: int
    printed: str
    words: str


@dataclass(frozen=True, kw_only=True)
class JudgedCoverage:
    """What the newest run made of a document, as far as the reader may know: a patient of what was released.

    ``run`` is its state, empty where there was none; ``reason`` a code where it gave nothing, with its words.
    ``lines_not_read`` look like results and were not understood; ``further_lines_not_read`` counts those beyond what is
    listed. ``medicines`` were recognised; what looks like one and was not is in ``medicines_not_checked``. Numbers are
    ``None`` where no run was made, and for a patient to whom nothing of the document was released.
    """

    run: str
    reason: str
    words: str
    values: int | None
    medicines: int | None
    values_in_doubt: tuple[PlaceInText, ...]
    lines_not_read: tuple[PlaceInText, ...]
    further_lines_not_read: int | None
    medicines_not_checked: tuple[PlaceInText, ...]


@dataclass(frozen=True, kw_only=True)
class DocumentCoverage:
    """One document. ``reading`` is ``None`` where it was not read yet or is not given to the reader.

    ``judged`` is ``None`` for whom findings are not, and before the specialist's own first read: then it is ``locked``.
    """

    document_id: UUID
    case_id: UUID
    name: str
    state: str
    verdict: str
    media_type: str
    advice: str
    reading: ReadingCoverage | None
    judged: JudgedCoverage | None
    locked: bool


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """What an import did not take over: how often, why, and the first places."""

    kind: str
    reason: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FileNotTaken:
    """A file of an archive that became no document, and what to do."""

    path: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class ImportCoverage:
    """One archive or record that came as data: what was ``read`` by kind, and what was not taken over."""

    archive_id: UUID
    state: str
    advice: str
    read: Mapping[str, int]
    not_taken: tuple[NotTaken, ...]
    files_not_taken: tuple[FileNotTaken, ...]


@dataclass(frozen=True, kw_only=True)
class CoverageTotals:
    """The numbers of a case. ``documents_not_opened`` were not read, or are not given to the reader.

    What runs made of the documents is ``None`` where no document tells it to the reader.
    """

    documents: int
    documents_not_opened: int
    pages: int
    pages_as_text: int
    pages_recognised: int
    pages_without_text: int
    places_not_read: int
    two_readings: int
    pages_with_hidden_text: int
    pages_withheld: int
    values: int | None
    medicines: int | None
    medicines_not_checked: int | None
    lines_not_read: int | None
    runs_without_result: int | None
    not_taken: int
    files_not_taken: int


@dataclass(frozen=True, kw_only=True)
class CaseCoverage:
    """What was read of a case and what was not. ``locked``: findings open after the specialist's own first read."""

    case_id: UUID
    locked: bool
    totals: CoverageTotals
    documents: tuple[DocumentCoverage, ...]
    imports: tuple[ImportCoverage, ...]
