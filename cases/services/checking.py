"""What a reading is checked for before its document may be accepted: whose it is, which side, what kind."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cases.domain.classifying import classify
from cases.domain.matching_identity import IdentityCheck, Known, check_identity
from cases.domain.reading import MetadataValue, Reading
from cases.domain.sheet_dates import SheetDates
from cases.domain.sides import Sides, joined, opposed, sides_in, sides_of_header
from cases.models import Case, Document
from cases.services.known_facts import facts_before, facts_of, numbers_of, sides_of, sides_of_case
from config.kernel.crypto import DataKey
from identity.services import AccountDTO

DICOM = "application/dicom"
_STATE = {"matched": "ACCEPTED", "mismatched": "MISMATCHED", "unknown": "PROCESSED"}
_ADVICE = {
    "side": "The document speaks of the other side of the body than the case; two coordinators look at it.",
    "": "The document seems to be about another person; two coordinators look at it.",
}


@dataclass(frozen=True)
class Checked:
    """What to write on the document; ``facts`` are kept for the checks of the documents that come after it."""

    reading: Reading
    match: str
    doubts: tuple[str, ...]
    state: str
    advice: str
    kind: str
    kind_confidence: float
    facts: dict[str, Any]


def checked(document: Document, owner: AccountDTO, key: DataKey, reading: Reading) -> Checked:
    """Compare a reading with its patient, its case and the patient's other documents. Inside ``atomic()``.

    The case is locked, so that of two documents that contradict each other one sees the other.
    """
    case = Case.objects.select_for_update().get(id=document.case_id)
    before = facts_before(document, key)
    texts = [page.text for page in reading.pages]
    known = Known(owner.full_name, owner.date_of_birth, owner.sex, numbers_of(before))
    pictured = reading.media_type == DICOM
    about = check_identity(
        texts=texts, known=known, header=reading.metadata if pictured else None, over_pictures=pictured
    )
    sides = joined([sides_in(texts), sides_of_header(reading.metadata)]) if pictured else sides_in(texts)
    wrong = opposed(sides, sides_of_case(case, key)) or opposed(sides, joined(sides_of(one) for one in before))
    pages = [(page.number, page.text) for page in reading.pages]
    dates = SheetDates(pages, latest=document.created_at.date(), born=owner.date_of_birth)
    return _checked(reading, about, sides, wrong, dates.of_document())


def _checked(
    reading: Reading, about: IdentityCheck, sides: Sides, wrong: tuple[str, ...], written: date | None
) -> Checked:
    doubts = (*about.doubts, *(("side",) if wrong else ()))
    state = "MISMATCHED" if doubts else _STATE[about.match]
    texts = [page.text for page in reading.pages]
    kind = classify(texts=texts, media_type=reading.media_type)
    found: dict[str, MetadataValue] = {"facility": about.marks.facility} if about.marks.facility else {}
    found |= {"document_date": written.isoformat()} if written else {}
    return Checked(
        reading=replace(reading, metadata={**found, **reading.metadata}),
        match=about.match,
        doubts=doubts,
        state=state,
        advice=(_ADVICE["side"] if doubts == ("side",) else _ADVICE[""]) if doubts else "",
        kind=kind.kind or "",
        kind_confidence=kind.confidence,
        facts=facts_of(about.marks, sides),
    )
