"""The pieces of a signed report. Each says what it holds; `cases.domain.report.signed_report` checks them together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from cases.domain.report.readability import flesch_kincaid_grade

Sex = Literal["male", "female", "other", "unknown"]
DiagnosisAgreement = Literal["agree", "refined", "minor_disagreement", "major_disagreement", "insufficient_information"]
TreatmentAgreement = Literal["agree", "minor_change", "major_change", "alternative", "insufficient_information"]
ClinicalImpact = Literal["none", "minor", "moderate", "major"]
LabFlag = Literal["critical_low", "low", "normal", "high", "critical_high", "unknown"]
AiDecision = Literal["accepted", "edited", "rejected"]
PeerOutcome = Literal["agrees", "minor_remarks", "major_disagreement"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPatient:
    """The person the report is about."""

    id: UUID
    name: str
    birth_date: date | None = None
    sex: Sex = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportClinician:
    """An author or reviewer. `licence_place` is like `US-CA` or `DE`: where the licence used for this case holds."""

    id: UUID
    name: str
    specialty: str
    organisation: str
    licence_place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PeerReview:
    """A second specialist's check. `dissent` stays in the report even when another person decided."""

    reviewer: ReportClinician
    outcome: PeerOutcome
    remarks: str = ""
    dissent: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstRead:
    """The specialist's own impression, sealed before AI output and the first opinion's reasoning were shown."""

    impression: str
    confidence: int
    sealed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionAnswer:
    """One question of the patient with its answer, or why it cannot be answered: exactly one of the two."""

    number: int
    question: str
    answer: str = ""
    cannot_answer_reason: str = ""
    ai_item_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """A diagnosis in words, with its ICD-10 code when one was given."""

    text: str
    icd10: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """An option beside the proposed plan; one of them has `is_doing_nothing`."""

    title: str
    description: str
    is_doing_nothing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Medicine:
    """A medicine the patient takes, in the words of its source. `ai_item_id` when a run read it."""

    name: str
    dosage: str = ""
    ai_item_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Allergy:
    """A substance the patient does not tolerate."""

    substance: str
    reaction: str = ""
    ai_item_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LabValue:
    """One laboratory result. `value_text` is what the page says (`<0.01`); `value` the number when it is one.

    `unit` is the printed unit, `ucum` its UCUM code when known, `loinc` the test's code when known. `reference_text` is
    the range as the sheet prints it (`> 60` is not `≥ 60`), `observed_on` the day that the sheet names, `date_printed`
    how it writes that day (also where it can mean several), and `date_means` what it says of it: collected, received,
    dated or reported. `doubt` says why the value is not sure ("two readings: 2.4 / 22.4"); it is printed with it.
    """

    name: str
    value_text: str
    value: Decimal | None = None
    unit: str = ""
    ucum: str = ""
    reference_low: Decimal | None = None
    reference_high: Decimal | None = None
    reference_text: str = ""
    flag: LabFlag = "unknown"
    loinc: str = ""
    observed_on: date | None = None
    date_printed: str = ""
    date_means: str = ""
    document_id: UUID | None = None
    page: int | None = None
    ai_item_id: UUID | None = None
    doubt: str = ""

    @property
    def result(self) -> str:
        """Value and unit as every reader sees them: the unit once, also where the value was kept with it."""
        value = self.value_text.strip().removesuffix(self.unit.strip()).rstrip() or self.value_text.strip()
        told = f"{value} {self.unit.strip()}".strip() if value != self.unit.strip() else value
        return f"{told} (in doubt: {self.doubt})" if self.doubt else told


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentReliedOn:
    """A document the author read. `sha256` is 64 lower-case hex digits of the uploaded bytes."""

    id: UUID
    name: str
    sha256: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingCounts:
    """How far a document was read when the opinion was finished: numbers, and nothing that was found.

    `in_part` says that the reader itself named something as missing, `pages_withheld` were given to no program
    outside. `values` and `medicines` are those that the author accepted, `lines_not_read` those of which the author let
    stand that they look like results and were not understood.
    """

    document_id: UUID
    pages: int
    pages_as_text: int
    pages_recognised: int
    pages_without_text: int
    places_not_read: int
    two_readings: int
    pages_withheld: int
    in_part: bool = False
    values: int = 0
    medicines: int = 0
    lines_not_read: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTakenOver:
    """What records that came as data held and the import did not take over."""

    kind: str
    reason: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentNotSeen:
    """A record the author did not have, and what it could change."""

    name: str
    could_change: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AiItem:
    """What an analysis run proposed and what the author did with it.

    `kind` is a label of ours ("laboratory value"), `engine` who proposed it ("local-engine 1.0"). `proposed_text`
    is never printed; `final_text` is what the author let stand: empty for a rejected item. `reason` is the author's.
    """

    id: UUID
    kind: str
    engine: str
    decision: AiDecision
    proposed_text: str
    final_text: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainLanguage:
    """The page written for the patient. The reading level is known for English only."""

    text: str
    language: str = "en"

    @property
    def reading_grade(self) -> float | None:
        """Flesch–Kincaid grade, or None when the language has no measure here."""
        return flesch_kincaid_grade(self.text) if self.language.split("-")[0].lower() == "en" else None
