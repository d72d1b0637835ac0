"""A case with a read document, on real rows, in any state a test asks for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from cases.domain.documents.document_text import PageText, Reading, reading_to_json
from cases.models import Case
from cases.queries.sealed_contents import place
from cases.services import intake
from cases.services.documents.deidentification import deidentified_copy
from config.kernel.auth import Principal, acting_as
from config.kernel.crypto import seal_json
from config.kernel.db import uuid7
from identity import services as identity
from tests.analysis.pages import LAB, LETTER, MEDICATION
from tests.factories import make_patient, make_person
from tests.factories.cases import DocumentFactory, FirstReadFactory


@dataclass
class World:
    """A patient's case in review by a specialist, with one accepted document."""

    patient: Principal
    specialist: Principal
    case_id: UUID
    document_id: UUID

    def seal_first_read(self) -> None:
        FirstReadFactory(case_id=self.case_id, user_id=self.specialist.user_id)

    def move_to(self, state: str, **changes: object) -> None:
        Case.objects.filter(id=self.case_id).update(state=state, **changes)

    def withdraw_ai_consent(self) -> None:
        with acting_as(self.patient):
            identity.withdraw_consent(patient_id=self.patient.user_id, purpose="ai_processing")

    def add_document(
        self, *texts: str, state: str = "ACCEPTED", verdict: str = "complete", copied: bool = True
    ) -> UUID:
        key = identity.data_key(subject_id=self.patient.user_id)
        row_id = uuid7()
        read = Reading(
            media_type="application/pdf",
            verdict=verdict,  # type: ignore[arg-type]
            pages=tuple(PageText(number=n, width_pt=595, height_pt=842, text=t) for n, t in enumerate(texts, 1)),
        )
        document = DocumentFactory.build(
            id=row_id,
            case_id=self.case_id,
            patient_id=self.patient.user_id,
            state=state,
            name="letter.pdf",
            media_type="application/pdf",
            size=1,
            storage_key=uuid4().hex,
            verdict=verdict,
            page_count=len(texts),
            reading_sealed=seal_json(key, place("document", "reading", row_id), reading_to_json(read)),
        )
        if copied:
            document.deidentified_sealed = deidentified_copy(document, key, read)
        document.save()
        return row_id


def make_world(*texts: str, first_read: bool = True, consents: tuple[str, ...] | None = None) -> World:
    """A fresh world; ``texts`` are the pages of its document."""
    patient = make_patient() if consents is None else make_patient(consents=consents)
    specialist = make_person("professional", full_name="Dr. Ada Berg")
    with acting_as(patient):
        case_id = intake.open_case(principal=patient, fields={"title": "Ulcer", "country": "DE"})
    world = World(patient, specialist, case_id, uuid4())
    world.move_to("IN_REVIEW", assigned_user_id=specialist.user_id)
    world.document_id = world.add_document(*(texts or (LAB, LETTER, MEDICATION)))
    if first_read:
        world.seal_first_read()
    return world
