"""The copy of a document's text in which nobody is named: made when it is read, taken by whatever judges the text."""

from typing import Any
from uuid import UUID

from cases.domain.documents.document_text import Reading
from cases.domain.privacy.case_people import with_labels
from cases.models import Case, Document
from cases.queries.case_people import known_people
from cases.queries.sealed_contents import intake_of, place
from cases.services.documents.queues import TEXT_SECONDS
from config.kernel.audit import record
from config.kernel.bounded_work import in_child
from config.kernel.crypto import DataKey, open_json, seal_json
from config.kernel.errors import NotFound
from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, masked_text
from identity import services as identity


def deidentified_copy(document: Document, key: DataKey, reading: Reading, *, seconds: int = TEXT_SECONDS) -> bytes:
    """The sealed copy: each page's text masked at the same length, or nothing of a page where a name would be left.

    Raises ``OutOfBounds`` for a text that takes more than ``seconds`` of processor time.
    """
    case = Case.objects.get(id=document.case_id)
    pages = in_child(seconds, _masked_pages, known_people(case, intake_of(case, key)), reading)
    return seal_json(key, place("document", "deidentified", document.id), {"pages": pages})


def deidentified_pages(document: Document, key: DataKey) -> dict[int, str | None] | None:
    """The copy by page number, ``None`` where a page is withheld; ``None`` for a document that was read without one."""
    if document.deidentified_sealed is None:
        return None
    copy = open_json(key, place("document", "deidentified", document.id), document.deidentified_sealed)
    return {int(page["number"]): page["text"] for page in copy["pages"]}


def withheld_pages(document: Document, key: DataKey) -> tuple[int, ...]:
    """The numbers of the pages that no program outside is given, because a name would be left in them."""
    pages = deidentified_pages(document, key) or {}
    return tuple(sorted(number for number, text in pages.items() if text is None))


def case_identifiers(*, case_id: UUID) -> Identifiers:
    """Who is named in a case, for the platform's own runs: what is masked before a text leaves. It is recorded."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise NotFound("There is no such case.")
    record(
        context="cases",
        action="case.read",
        patient_id=case.patient_id,
        object_type="case",
        object_id=case.id,
        purpose="treatment",
    )
    return known_people(case, intake_of(case, identity.data_key(subject_id=case.patient_id)))


def _masked_pages(known: Identifiers, reading: Reading) -> list[dict[str, Any]]:
    """Every page's number and masked text; pure, for it may take longer than anybody waits."""
    known = with_labels(known, (page.text for page in reading.pages))
    return [{"number": page.number, "text": _masked(page.text, known)} for page in reading.pages]


def _masked(text: str, known: Identifiers) -> str | None:
    try:
        return masked_text(text, known)
    except NotDeidentified:
        return None
