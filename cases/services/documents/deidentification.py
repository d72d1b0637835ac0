"""The copy of a document's text in which nobody is named: made when it is read, taken by whatever judges the text."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.domain.documents.document_text import Reading
from cases.domain.documents.identity_marks import marks_in
from cases.models import Case, Document
from cases.queries.sealed_contents import intake_of, place
from cases.services.documents.queues import TEXT_SECONDS
from config.kernel.bounded_work import in_child
from config.kernel.crypto import DataKey, open_json, seal_json
from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, masked_text
from identity.services import AccountDTO


def deidentified_copy(
    document: Document, owner: AccountDTO, key: DataKey, reading: Reading, *, seconds: int = TEXT_SECONDS
) -> bytes:
    """The sealed copy: each page's text masked at the same length, or nothing of a page where a name would be left.

    Raises ``OutOfBounds`` for a text that takes more than ``seconds`` of processor time.
    """
    intake = intake_of(Case.objects.get(id=document.case_id), key)
    pages = in_child(seconds, _masked_pages, owner, intake.get("treating_clinician") or {}, reading)
    return seal_json(key, place("document", "deidentified", document.id), {"pages": pages})


def deidentified_pages(document: Document, key: DataKey) -> dict[int, str | None] | None:
    """The copy by page number, ``None`` where a page is withheld; ``None`` for a document that was read without one."""
    if document.deidentified_sealed is None:
        return None
    copy = open_json(key, place("document", "deidentified", document.id), document.deidentified_sealed)
    return {int(page["number"]): page["text"] for page in copy["pages"]}


def _masked_pages(owner: AccountDTO, treating: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    """Every page's number and masked text; pure, for it may take longer than anybody waits."""
    known = _known(owner, treating, reading)
    return [{"number": page.number, "text": _masked(page.text, known)} for page in reading.pages]


def _known(owner: AccountDTO, treating: Mapping[str, Any], reading: Reading) -> Identifiers:
    """Whoever the account, the case and the document's own labels name."""
    marks = marks_in(page.text for page in reading.pages)
    written = (" ".join(sorted(parts)) for parts in marks.names)
    told = ("name", "organisation"), ("email", "phone")
    names, codes = ([str(treating.get(field) or "") for field in fields] for fields in told)
    return Identifiers(
        names=_given((owner.full_name, *names, marks.facility, *written)),
        dates=(owner.date_of_birth,) if owner.date_of_birth else (),
        codes=_given((owner.email, owner.phone, *codes, *sorted(marks.numbers))),
    )


def _masked(text: str, known: Identifiers) -> str | None:
    try:
        return masked_text(text, known)
    except NotDeidentified:
        return None


def _given(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))
