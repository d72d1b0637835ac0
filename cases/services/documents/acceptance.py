"""What a reading is checked for before its document may be accepted: whose it is, which side, what kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cases.domain.documents.classification import Classified, classify
from cases.domain.documents.document_text import MetadataValue, Reading
from cases.domain.documents.identity_match import NAME_ONLY, IdentityCheck, Known, check_identity, with_numbers
from cases.domain.documents.sheet_dates import SheetDates
from cases.domain.documents.sides import Sides, joined, opposed, sides_in, sides_of_header
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Case, Document
from cases.services.documents.known_facts import facts_before, facts_of, numbers_of, sides_of, sides_of_case
from config.kernel.bounded_work import in_child
from config.kernel.crypto import DataKey
from identity.services import AccountDTO

DICOM = "application/dicom"
_STATE = {
    "matched": DocumentState.ACCEPTED,
    "mismatched": DocumentState.MISMATCHED,
    NAME_ONLY: DocumentState.PROCESSED,
    "unknown": DocumentState.PROCESSED,
}
_SAYS = {
    "name": "it names another person as the patient, or writes the name as another person's",
    "birth_date": "it bears another birth date",
    "sex": "it is about a person of the other sex",
    "record_number": "it bears another record number than the same house gave you before",
    "side": "it speaks of the other side of the body than the case",
}
_ASKS = {
    NAME_ONLY: "The document bears your name, but neither your birth date nor a number that is known. Is it yours?",
    "unknown": "The document does not say whose it is in a way that can be compared; a coordinator looks at it.",
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What to write on the document; ``facts`` are kept for the checks of the documents that come after it."""

    reading: Reading
    match: str
    doubts: tuple[str, ...]
    state: DocumentState
    advice: str
    kind: str
    kind_confidence: float
    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a document's text says by itself."""

    about: IdentityCheck
    sides: Sides
    kind: Classified
    written: date | None


def said_in(document: Document, owner: AccountDTO, reading: Reading, *, seconds: int) -> Said:
    """What the text says. Outside of ``atomic()``: no row may be locked for as long as that may take.

    Raises ``OutOfBounds`` for a text that takes more than ``seconds`` of processor time.
    """
    known = Known(owner.full_name, owner.date_of_birth, owner.sex)
    return in_child(seconds, _said, reading, known, document.created_at.date())


def checked(document: Document, key: DataKey, reading: Reading, said: Said) -> Checked:
    """Compare a reading with its patient, its case and the patient's other documents. Inside ``atomic()``.

    The case is locked, so that of two documents that contradict each other one sees the other.
    """
    case = Case.objects.select_for_update().get(id=document.case_id)
    before = facts_before(document, key)
    said = replace(said, about=with_numbers(said.about, numbers_of(before)))
    wrong = opposed(said.sides, sides_of_case(case, key)) or opposed(
        said.sides, joined(sides_of(one) for one in before)
    )
    return _checked(reading, said, wrong)


def _said(reading: Reading, known: Known, latest: date) -> Said:
    """What the text says; pure, for it may take longer than anybody waits."""
    texts = [page.text for page in reading.pages]
    pictured = reading.media_type == DICOM
    sides = sides_in(texts)
    pages = [(page.number, page.text) for page in reading.pages]
    return Said(
        about=check_identity(
            texts=texts, known=known, header=reading.metadata if pictured else None, over_pictures=pictured
        ),
        sides=dict(joined([sides, sides_of_header(reading.metadata)]) if pictured else sides),
        kind=classify(texts=texts, media_type=reading.media_type),
        written=SheetDates(pages, latest=latest, born=known.date_of_birth).of_document(),
    )


def _checked(reading: Reading, said: Said, wrong: tuple[str, ...]) -> Checked:
    about, kind, written = said.about, said.kind, said.written
    doubts = (*about.doubts, *(("side",) if wrong else ()))
    state = DocumentState.MISMATCHED if doubts else _STATE[about.match]
    found: dict[str, MetadataValue] = {"facility": about.marks.facility} if about.marks.facility else {}
    found |= {"document_date": written.isoformat()} if written else {}
    return Checked(
        reading=replace(reading, metadata={**found, **reading.metadata}),
        match=about.match,
        doubts=doubts,
        state=state,
        advice=_advice(doubts) or _ASKS.get(about.match, ""),
        kind=kind.kind or "",
        kind_confidence=kind.confidence,
        facts=facts_of(about.marks, said.sides),
    )


def _advice(doubts: tuple[str, ...]) -> str:
    """What was found that speaks against the document, in words for the patient."""
    if not doubts:
        return ""
    told = "; ".join(_SAYS[doubt] for doubt in doubts)
    return f"The document may not be yours: {told}. Two coordinators look at it."
