"""The one place where analysis asks cases: who may, what was read, and which documents there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from analysis.domain.spans import Cell, CodedResult, Doubt, SourcePage, Span, UnreadPlace
from analysis.domain.subject import Subject
from cases.services import casefile, documents
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.privacy.deidentification import Identifiers
from identity import services as identity

# What a delegate is granted: to see, and to act in the patient's place.
READ, MANAGE = "read", "manage"
Relation = casefile.Relation
ReadDocument = documents.ReadDocument


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document that was read: not ``readable`` if nothing could be read in it, ``partial`` if not all could.

    ``masked`` is what cases keep of ``pages`` without names, of the same lengths: ``None`` for a page that is withheld.
    """

    document_id: UUID
    case_id: UUID
    patient_id: UUID
    readable: bool
    partial: bool
    pages: tuple[SourcePage, ...]
    masked: tuple[str | None, ...]
    text: documents.DocumentText
    reader_version: int


@dataclass(frozen=True, kw_only=True)
class ResultDate:
    """When a result was taken, as its sheet says: ``day`` is ``None`` where ``printed`` names no single day.

    ``means`` is collected, received, reported or dated: what the sheet says of the date.
    """

    printed: str
    day: date | None
    means: str


@dataclass(frozen=True, kw_only=True)
class Access:
    """The caller's relation to a case; a delegate's is the owner's."""

    case_id: UUID
    patient_id: UUID
    relation: casefile.Relation
    first_read_sealed: bool
    state: str


def source_of(*, document_id: UUID) -> Source:
    """The text of a document. Raises ``NotFound``."""
    found = documents.document_text(document_id=document_id)
    pages = tuple(_page(found.document_id, page) for page in found.pages)
    # A document that was read before copies were made is masked like the others before its text leaves.
    copy = {page.number: page.text for page in pages} if found.deidentified is None else found.deidentified
    masked = tuple(copy.get(page.number) for page in pages)
    partial = found.verdict == "partial"
    readable = partial or found.verdict == "complete"
    return Source(
        document_id=found.document_id,
        case_id=found.case_id,
        patient_id=found.patient_id,
        readable=readable,
        partial=partial,
        pages=pages,
        masked=masked,
        text=found,
        reader_version=found.reader_version,
    )


def _page(document_id: UUID, page: documents.PageText) -> SourcePage:
    return SourcePage(
        document_id,
        page.number,
        page.text,
        page.confidence,
        cells=tuple(Cell(cell.start, cell.end, cell.x0, cell.x1) for line in page.lines for cell in line.cells),
        doubts=tuple(Doubt(doubt.start, doubt.end, doubt.other) for doubt in page.doubts),
        unread=tuple(UnreadPlace(place.reason.value, place.box) for place in page.unread),
        coded=tuple(CodedResult(**asdict(one)) for one in page.coded),
    )


def dates_of(*, source: Source, spans: Sequence[Span]) -> tuple[ResultDate, ...]:
    """The date of the result at each span."""
    places = [documents.ResultPlace(span.page, span.start, span.end) for span in spans]
    found = documents.dates_of_results(text=source.text, places=places)
    return tuple(ResultDate(printed=one.printed, day=one.day, means=one.means) for one in found)


def case_of_document(*, principal: Principal, document_id: UUID) -> UUID:
    """The case of a document that the caller may know of. Raises ``NotFound``."""
    return documents.get_document(principal=principal, document_id=document_id).case_id


def document_state(*, principal: Principal, document_id: UUID) -> str:
    """The state of a document (ACCEPTED once it may be worked with). Raises ``NotFound``."""
    return documents.get_document(principal=principal, document_id=document_id).state


def access(*, principal: Principal, case_id: UUID | None, scope: str = READ, what: str = "case") -> Access:
    """The caller's relation to the case. Raises ``NotFound`` for a stranger, and where nothing has a ``case_id``.

    ``scope`` is what a delegate must have been granted for what is about to be done.
    """
    found = casefile.case_access(principal=principal, case_id=case_id, scope=scope, what=what)
    # A delegate sees what the patient sees.
    relation = Relation.OWNER if found.relation is Relation.DELEGATE else found.relation
    return Access(
        case_id=found.case_id,
        patient_id=found.patient_id,
        relation=relation,
        first_read_sealed=found.first_read_sealed,
        state=found.state,
    )


def documents_read(*, after: UUID | None, limit: int) -> tuple[ReadDocument, ...]:
    """Accepted documents of open cases that wait for no newer reading, by id."""
    return documents.documents_read(after=after, limit=limit)


def subject_of(*, patient_id: UUID) -> Subject:
    """Sex and age as the account holds them; what is not given stays unknown."""
    account = identity.get_account(user_id=patient_id)
    return Subject(sex=account.sex or None, age_years=_age(account.date_of_birth))


def ai_allowed(*, patient_id: UUID) -> bool:
    """Whether the patient agrees now that programs read the documents."""
    return "ai_processing" in identity.active_consents(patient_id=patient_id)


def identifiers_of(*, case_id: UUID) -> Identifiers:
    """What is known of the people in the case, to be masked before a text leaves."""
    return documents.case_identifiers(case_id=case_id)


def _age(born: date | None) -> int | None:
    if born is None:
        return None
    today = clock.now().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
