"""Cases in every state, brought there through the services that bring real ones there."""

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from cases.domain.eligibility.conflict_of_interest import QUESTIONS
from cases.models import Case, ChecklistItem, Document
from cases.services import assignment, documents, opinion, workflow
from cases.services import intake as intake_service
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.auth import Principal, acting_as
from config.kernel.due_work import drain
from identity import services as identity
from professionals import services as professionals
from tests.factories import PASSWORD, make_patient, make_person, password_hash, principal_for
from tests.factories.cases import DocumentFactory

CLEAR = dict.fromkeys(QUESTIONS, False)
TRIAGE = {
    "urgency": "routine",
    "specialty": "cardiology",
    "service_type": "records",
    "red_flag_check": "none",
    "legal_basis": "licence",
}
INTAKE: dict[str, Any] = {
    "title": "Second look at the valve",
    "questions": ["Do I need the operation?", "May I fly?"],
    "diagnosis": {"text": "Aortic stenosis", "icd10": "I35.0"},
    "proposed_treatment": {"text": "Valve replacement"},
    "history": "Short of breath since spring.",
    "medicines": [{"name": "Bisoprolol", "dose": "2.5 mg", "frequency": "daily"}],
    "allergies": [{"substance": "Penicillin", "reaction": "rash"}],
    "treating_clinician": {"name": "Dr Treating", "organisation": "Valley Hospital"},
    "country": "DE",
}
OPINION: dict[str, Any] = {
    "summary": "The records support the diagnosis of severe stenosis.",
    "answers": [{"question": 1, "answer": "Yes, soon."}, {"question": 2, "answer": "Not before the operation."}],
    "diagnosis_agreement": "agree",
    "treatment_agreement": "agree",
    "clinical_impact": "none",
    "confidence": 85,
    "confidence_would_change": "A stress echo that shows no gradient.",
    "plan": "Replace the valve within three months.",
    "do_nothing": "Symptoms will grow worse within two years.",
    "limitations": "The images themselves were not available.",
    "plain_language": "Your doctors are right. The valve should be replaced.",
}
_numbers = count(1)


@contextmanager
def by(principal: Principal) -> Any:
    """Act as somebody, as a request would."""
    with acting_as(principal):
        yield principal


def make_specialist(place: str = "DE", specialty: str = "cardiology", **changes: Any) -> Principal:
    """A verified specialist with a licence at ``place``."""
    number = next(_numbers)
    fields = {"full_name": f"Dr Specialist {number}", "organisation": f"Clinic {number}"} | changes
    with mock.patch("identity.services.accounts.accounts.make_password", password_hash):
        profile = professionals.register_professional(
            email=f"specialist{number}-{clock.now().timestamp():.0f}@example.org",
            password=PASSWORD,
            specialty=specialty,
            languages=["en"],
            email_verified=True,
            **fields,
        )
    who = principal_for(identity.get_account(user_id=profile.user_id))
    country, _, region = place.partition("-")
    days = {"valid_from": date(2020, 1, 1), "valid_to": clock.now().date() + timedelta(days=365)}
    licence = professionals.LicenceInput(country=country, region=region, number=f"L{number}", body="Chamber", **days)
    professionals.submit_credentials(principal=who, licences=[licence])
    one, other = make_person("administrator"), make_person("administrator")
    professionals.prepare_verification(principal=one, professional_id=profile.id, evidence="the chamber's register")
    professionals.decide_verification(principal=other, professional_id=profile.id, approve=True)
    return who


def profile_id(specialist: Principal) -> UUID:
    profile = professionals.get_by_user(user_id=specialist.user_id or UUID(int=0))
    assert profile is not None
    return profile.id


class Story:
    """One case and the people in it; each step brings it further by the services."""

    def __init__(self, patient: Principal | None = None, **intake: Any) -> None:
        self.patient = patient or make_patient()
        with by(self.patient):
            self.id = intake_service.open_case(principal=self.patient, fields=INTAKE | intake)
        self.specialist: Principal | None = None

    @property
    def row(self) -> Case:
        return Case.objects.get(id=self.id)

    @property
    def state(self) -> str:
        return self.row.state

    def move(self, who: Principal, to: str, reason: str = "", **data: Any) -> str:
        with by(who):
            return workflow.move(principal=who, case_id=self.id, to=to, reason=reason, data=data).state

    def add_document(self, text: str, folder: Path, name: str = "letter.txt") -> documents.DocumentDTO:
        source = folder / f"{next(_numbers)}-{name}"
        source.write_text(text)
        with by(self.patient):
            return documents.upload_document(
                principal=self.patient, case_id=self.id, name=name, declared_type="text/plain", source=source
            )

    def put_document(self, state: str = "ACCEPTED") -> Document:
        """A document's row as reading leaves it, without the time that reading takes."""
        return DocumentFactory(case_id=self.id, patient_id=self.patient.user_id, state=state, identity_match="matched")

    def submitted(self) -> "Story":
        self.move(self.patient, "SUBMITTED")
        return self

    def in_triage(self) -> "Story":
        """Submitted, the one required record waived, and the clock's own step taken."""
        self.submitted()
        coordinator = make_person("coordinator")
        if ChecklistItem.objects.filter(case=self.id, present=False).exists():
            with by(coordinator):
                documents.waive_item(
                    principal=coordinator, case_id=self.id, code="medical_record", reason="none exists"
                )
        drain("cases")
        assert self.state == "TRIAGE"
        return self

    def in_matching(self, **triage: Any) -> "Story":
        self.in_triage().move(make_person("nurse"), Transition.FINISH_TRIAGE, **(TRIAGE | triage))
        return self

    def offered(self, specialist: Principal | None = None) -> "Story":
        if self.state == "DRAFT":
            self.in_matching()
        self.specialist = specialist or make_specialist()
        coordinator = make_person("coordinator")
        with by(coordinator):
            assignment.offer_case(principal=coordinator, case_id=self.id, professional_id=profile_id(self.specialist))
        return self

    def in_review(self, specialist: Principal | None = None) -> "Story":
        self.offered(specialist)
        with by(self.author):
            assignment.accept_offer(principal=self.author, case_id=self.id, coi_attestation=CLEAR)
        return self

    @property
    def author(self) -> Principal:
        assert self.specialist is not None
        return self.specialist

    def written(self, **changes: Any) -> "Story":
        """In review, with a sealed first read and a complete draft."""
        self.in_review()
        with by(self.author):
            opinion.seal_first_read(principal=self.author, case_id=self.id, impression="Severe.", confidence=70)
            opinion.save_draft(principal=self.author, case_id=self.id, content=OPINION | changes)
        return self

    def finished(self, **changes: Any) -> opinion.OpinionDTO:
        """Submitted by its author."""
        self.written(**changes)
        return self.submit()

    def submit(self) -> opinion.OpinionDTO:
        with by(self.author):
            return opinion.submit_opinion(principal=self.author, case_id=self.id)

    def sign(self, content_hash: str) -> opinion.OpinionDTO:
        with by(self.author):
            return opinion.sign_opinion(principal=self.author, case_id=self.id, content_hash=content_hash)

    def signed(self, **changes: Any) -> "Story":
        self.sign(self.finished(**changes).content_hash)
        return self

    def delivered(self, **changes: Any) -> "Story":
        self.signed(**changes)
        drain("cases")
        assert self.state == "DELIVERED"
        return self


def guard_of(error: Any) -> str:
    """The guard that a refusal names."""
    extra: Mapping[str, Any] = error.value.extra
    return str(extra["guard"])
