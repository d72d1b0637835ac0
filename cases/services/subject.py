"""What an analysis of a case may know: the clinical facts and the text that was read, and no name."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain.reading import PageText
from cases.models import Case, Document
from cases.queries.contents import intake_of
from cases.services.documents import pages_of
from config.kernel.audit import record
from config.kernel.errors import NotFound
from identity import services as identity


@dataclass(frozen=True)
class SubjectPage:
    """One page of one document."""

    document_id: UUID
    page: PageText


@dataclass(frozen=True)
class AnalysisSubject:
    """One case as a run sees it. ``age_years`` and ``sex`` are ``None`` when nobody told."""

    case_id: UUID
    patient_id: UUID
    state: str
    sex: str | None
    age_years: int | None
    diagnosis: str
    medicines: tuple[str, ...]
    allergies: tuple[str, ...]
    documents: tuple[UUID, ...]
    pages: tuple[SubjectPage, ...]


def analysis_subject(*, case_id: UUID) -> AnalysisSubject:
    """The case for a run of the platform; the caller checks consent, and why it reads is recorded here."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise NotFound("There is no such case.")
    key = identity.data_key(subject_id=case.patient_id)
    owner = identity.get_account(user_id=case.patient_id)
    intake = intake_of(case, key)
    documents = list(Document.objects.filter(case=case, state="ACCEPTED").order_by("id"))
    with atomic():
        record(
            context="cases",
            action="case.analyse",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
            purpose="analysis",
        )
    return AnalysisSubject(
        case_id=case.id,
        patient_id=case.patient_id,
        state=case.state,
        sex=owner.sex,
        age_years=_age(owner.date_of_birth),
        diagnosis=str((intake.get("diagnosis") or {}).get("text") or ""),
        medicines=tuple(_joined(m, "name", "dose", "frequency") for m in intake.get("medicines") or ()),
        allergies=tuple(_joined(a, "substance", "reaction") for a in intake.get("allergies") or ()),
        documents=tuple(d.id for d in documents),
        pages=tuple(SubjectPage(d.id, page) for d in documents for page in pages_of(d, key)),
    )


def _age(born: date | None) -> int | None:
    if born is None:
        return None
    today = now().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _joined(entry: dict[str, Any], *names: str) -> str:
    return " ".join(str(entry[name]) for name in names if entry.get(name))
