"""A second opinion by the generated Python client alone: its own program, as a client's developer would write one.

``python journey_by_python.py BASE_URL`` with the generated package on the path. It speaks with the test that started it
by lines (see ``backstage.py``): what only happens between requests (background work, mail, an authenticator) is there.
"""

import json
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from second_opinion_platform_client import AuthenticatedClient, Client
from second_opinion_platform_client.api.analysis import post_analysis_findings_by_finding_id_decision as decide
from second_opinion_platform_client.api.auth import (
    post_auth_login,
    post_auth_register,
    post_auth_second_factor,
    post_auth_verify_email,
)
from second_opinion_platform_client.api.cases import (
    get_cases,
    get_cases_by_case_id,
    get_cases_by_case_id_candidates,
    get_cases_by_case_id_follow_up_questions,
    get_cases_by_case_id_history,
    get_cases_by_case_id_messages,
    get_cases_by_case_id_report,
    get_cases_by_case_id_report_fhir_json,
    get_cases_by_case_id_report_pdf,
    get_cases_by_case_id_transitions,
    patch_cases_by_case_id_status,
    post_cases,
    post_cases_by_case_id_accept,
    post_cases_by_case_id_assign,
    post_cases_by_case_id_first_read,
    post_cases_by_case_id_follow_up_questions,
    post_cases_by_case_id_follow_up_questions_by_follow_up_id_answer,
    post_cases_by_case_id_messages,
    post_cases_by_case_id_opinion,
    post_cases_by_case_id_rating,
    put_cases_by_case_id,
    put_cases_by_case_id_opinion_draft,
)
from second_opinion_platform_client.api.consents import post_consents
from second_opinion_platform_client.api.documents import (
    get_documents_by_document_id,
    get_documents_by_document_id_original,
    get_documents_by_document_id_pages_by_number_webp,
    post_documents_upload,
)
from second_opinion_platform_client.api.insights import get_insights_by_case_id
from second_opinion_platform_client.api.notifications import get_notifications
from second_opinion_platform_client.api.profile import get_profile_me, put_profile_me
from second_opinion_platform_client.api.report_verifications import post_report_verifications
from second_opinion_platform_client.models import (
    AcceptInRequest,
    ActionEnum,
    AddendumInRequest,
    AllergyInRequest,
    AnswerInRequest,
    AttestationInRequest,
    CaseMessageInRequest,
    CaseOut,
    CaseState,
    ClinicalImpactEnum,
    ConsentInRequest,
    CredentialsInRequest,
    DecisionInDecisionEnum,
    DecisionInRequest,
    DiagnosisAgreementEnum,
    DocumentState,
    DraftInRequest,
    FindingOutDecisionEnum,
    FirstReadInRequest,
    FollowUpInRequest,
    LinkWithPasswordInRequest,
    LocaleEnum,
    MedicineInRequest,
    NewCaseInRequest,
    OfferInRequest,
    OpinionInRequest,
    OriginalDiagnosisInRequest,
    Problem,
    ProfileInRequest,
    ProofInRequest,
    ProofOutStandingEnum,
    PurposeEnum,
    RegistrationInRequest,
    SecondFactorInRequest,
    SecondFactorOut,
    ServiceRatingInRequest,
    SexEnum,
    SideEnum,
    SignInOut,
    StatusInRequest,
    StepDataInRequest,
    SubmitInRequest,
    TreatingInRequest,
    TreatmentAgreementEnum,
    TreatmentInRequest,
    UploadInRequest,
)
from second_opinion_platform_client.types import File, Response

T = TypeVar("T")
QUESTIONS = ["Is warfarin still the right medicine for me?", "Could my medicines explain the bleeding?"]


def ask(order: str, *words: str) -> Any:
    """Have the test do something, and read its answer."""
    sys.stdout.write(json.dumps([order, *words]) + "\n")
    sys.stdout.flush()
    return json.loads(sys.stdin.readline())


def ok(answer: Response[T | Problem]) -> T:
    """What was asked for; a problem document ends the program with its words."""
    found = answer.parsed
    assert found is not None, (answer.status_code, answer.content[:500])
    assert not isinstance(found, Problem), (found.code, found.detail, found.errors)
    return found


def tag(answer: Response[T | Problem]) -> str:
    """The version that was read, for the change that follows."""
    ok(answer)
    return str(answer.headers["ETag"])


def refused(answer: Response[T | Problem]) -> Problem:
    """The problem document."""
    assert isinstance(answer.parsed, Problem), answer.content[:500]
    return answer.parsed


class Journey:
    """One second opinion from both sides."""

    def __init__(self, base_url: str, told: dict[str, dict[str, str]], folder: Path) -> None:
        self.base_url, self.told, self.folder = base_url, told, folder
        self.visitor = Client(base_url=base_url, raise_on_unexpected_status=True)
        self.specialist, self.nurse, self.coordinator = (
            self.sign_in(told[name]["email"], told[name]["password"]) for name in ("specialist", "nurse", "coordinator")
        )

    def sign_in(self, email: str, password: str) -> AuthenticatedClient:
        body = CredentialsInRequest(email=email, password=password)
        answer = post_auth_login.sync_detailed(client=self.visitor, body=body).parsed
        if isinstance(answer, SecondFactorOut):
            proof = SecondFactorInRequest(pending_token=answer.pending_token, code=ask("code"))
            answer = ok(post_auth_second_factor.sync_detailed(client=self.visitor, body=proof))
        assert isinstance(answer, SignInOut), answer
        return AuthenticatedClient(base_url=self.base_url, token=answer.access, raise_on_unexpected_status=True)

    def register(self) -> None:
        email, password = "maria.by.python@example.org", "seven quiet rivers under snow"
        body = RegistrationInRequest(
            email=email,
            password=password,
            full_name="Maria Keller",
            date_of_birth=date(1961, 4, 17),
            sex=SexEnum.FEMALE,
            country="DE",
        )
        ok(post_auth_register.sync_detailed(client=self.visitor, body=body))
        link = LinkWithPasswordInRequest(token=ask("token", email), password=password)
        ok(post_auth_verify_email.sync_detailed(client=self.visitor, body=link))
        self.patient = self.sign_in(email, password)
        profile = ProfileInRequest(phone="+49 30 5550123", time_zone="Europe/Berlin")
        read = tag(get_profile_me.sync_detailed(client=self.patient))
        ok(put_profile_me.sync_detailed(client=self.patient, body=profile, if_match=read))
        mine = ok(get_profile_me.sync_detailed(client=self.patient))
        assert (mine.full_name, mine.email_verified, mine.date_of_birth) == ("Maria Keller", True, date(1961, 4, 17))

    def open_case(self) -> None:
        for purpose in PurposeEnum:
            ok(post_consents.sync_detailed(client=self.patient, body=ConsentInRequest(purpose, "1")))
        body = NewCaseInRequest(
            title="Bleeding on warfarin",
            questions=QUESTIONS,
            diagnosis=OriginalDiagnosisInRequest(text="Atrial fibrillation with bleeding", icd10="I48.9"),
            proposed_treatment=TreatmentInRequest(text="Continue warfarin and amiodarone"),
            history="Tired since spring, dark stools for two weeks.",
            medicines=[MedicineInRequest(name="Warfarin", dose="5 mg", frequency="once daily")],
            allergies=[AllergyInRequest(substance="Penicillin", reaction="rash")],
            treating_clinician=TreatingInRequest(name="Dr. Weber", organisation="City Hospital"),
            country="DE",
        )
        key = str(uuid4())
        case = ok(post_cases.sync_detailed(client=self.patient, body=body, idempotency_key=key))
        again = ok(post_cases.sync_detailed(client=self.patient, body=body, idempotency_key=key))
        assert case.id == again.id, "the same key is the same case"
        self.case_id = case.id
        draft, read = DraftInRequest(language=LocaleEnum.EN), self.version(self.patient)
        ok(put_cases_by_case_id.sync_detailed(case.id, client=self.patient, body=draft, if_match=read))
        late = put_cases_by_case_id.sync_detailed(case.id, client=self.patient, body=draft, if_match=read)
        assert refused(late).status == 412, "nobody writes over what they have not read"
        page = ok(get_cases.sync_detailed(client=self.patient, limit=10))
        assert ([row.id for row in page.results], page.next_) == ([case.id], None)

    def upload(self) -> None:
        file = File(BytesIO((self.folder / "report.pdf").read_bytes()), "report.pdf", "application/pdf")
        body = UploadInRequest(case_id=self.case_id, file=file)
        self.document_id = ok(post_documents_upload.sync_detailed(client=self.patient, body=body)).id
        ask("work")
        document = ok(get_documents_by_document_id.sync_detailed(self.document_id, client=self.patient))
        assert (document.state, document.page_count) == (DocumentState.ACCEPTED, 1), document
        original = ok(get_documents_by_document_id_original.sync_detailed(self.document_id, client=self.patient))
        assert original.payload.read() == (self.folder / "report.pdf").read_bytes()

    def submit(self) -> None:
        early = StatusInRequest(to="SIGNED")
        step, read = patch_cases_by_case_id_status.sync_detailed, self.version(self.patient)
        problem = refused(step(self.case_id, client=self.patient, body=early, if_match=read))
        assert problem.status == 409
        body = StatusInRequest(to="SUBMITTED")
        moved = ok(step(self.case_id, client=self.patient, body=body, if_match=read))
        assert moved.state is CaseState.SUBMITTED
        ask("work")

    def assign(self) -> None:
        data = StepDataInRequest(
            urgency="soon",
            specialty="internal_medicine",
            service_type="written_opinion",
            red_flag_check="none",
            legal_basis="licence",
        )
        steps = ok(get_cases_by_case_id_transitions.sync_detailed(self.case_id, client=self.nurse))
        assert "T06" in [step.id for step in steps]
        body = StatusInRequest(to="T06", data=data)
        step, read = patch_cases_by_case_id_status.sync_detailed, self.version(self.nurse)
        ok(step(self.case_id, client=self.nurse, body=body, if_match=read))
        found = ok(get_cases_by_case_id_candidates.sync_detailed(self.case_id, client=self.coordinator))
        wanted = UUID(self.told["specialist"]["professional_id"])
        assert wanted in [one.professional_id for one in found.candidates], found
        offer = OfferInRequest(professional_id=wanted)
        ok(post_cases_by_case_id_assign.sync_detailed(self.case_id, client=self.coordinator, body=offer))
        clear = AttestationInRequest(
            knows_patient=False,
            treated_patient=False,
            relation_to_clinician=False,
            referrer_or_payer=False,
            therapy_maker=False,
        )
        accept = AcceptInRequest(coi_attestation=clear)
        ok(post_cases_by_case_id_accept.sync_detailed(self.case_id, client=self.specialist, body=accept))
        assert self.seen_by(self.patient).state is CaseState.IN_REVIEW

    def talk(self) -> None:
        for client, text in ((self.patient, "May I eat before the test?"), (self.specialist, "Yes, you may.")):
            body = CaseMessageInRequest(text=text)
            ok(post_cases_by_case_id_messages.sync_detailed(self.case_id, client=client, body=body))
        read = ok(get_cases_by_case_id_messages.sync_detailed(self.case_id, client=self.patient))
        assert {one.text: one.side for one in read.results} == {
            "May I eat before the test?": SideEnum.PATIENT,
            "Yes, you may.": SideEnum.SPECIALIST,
        }

    def give_opinion(self) -> None:
        picture = get_documents_by_document_id_pages_by_number_webp.sync_detailed
        assert ok(picture(self.document_id, 1, client=self.specialist)).payload.read(4) == b"RIFF"
        read = FirstReadInRequest(impression="Over-anticoagulation; medicines interact.", confidence=70)
        ok(post_cases_by_case_id_first_read.sync_detailed(self.case_id, client=self.specialist, body=read))
        insights = ok(get_insights_by_case_id.sync_detailed(self.case_id, client=self.specialist))
        assert insights.findings, "the machine found something in the report"
        for finding in insights.findings:
            body = DecisionInRequest(decision=DecisionInDecisionEnum.ACCEPT)
            shown = f'"{finding.version}"'
            decided = ok(decide.sync_detailed(finding.id, client=self.specialist, body=body, if_match=shown))
            assert decided.decision is FindingOutDecisionEnum.ACCEPTED
            late = decide.sync_detailed(finding.id, client=self.specialist, body=body, if_match=shown)
            assert refused(late).code == "version_mismatch"
        ask("work")
        opinion = OpinionInRequest(
            summary="The bleeding is explained by an INR of 3.8 together with ibuprofen.",
            answers=[
                AnswerInRequest(question=1, answer="Pause it now."),
                AnswerInRequest(question=2, answer="Yes, they can."),
            ],
            diagnosis_agreement=DiagnosisAgreementEnum.AGREE,
            treatment_agreement=TreatmentAgreementEnum.AGREE,
            clinical_impact=ClinicalImpactEnum.NONE,
            confidence=85,
            confidence_would_change="The endoscopy report.",
            plan="Repeat potassium and INR today.",
            do_nothing="Further bleeding is likely.",
            limitations="Records of one hospital only.",
            plain_language="Your blood is too thin. Your doctors should look into your stomach soon.",
        )
        save = put_cases_by_case_id_opinion_draft.sync_detailed
        ok(save(self.case_id, client=self.specialist, body=opinion, if_match='"1"'))
        finish, post = SubmitInRequest(ActionEnum.SUBMIT), post_cases_by_case_id_opinion.sync_detailed
        frozen = ok(post(self.case_id, client=self.specialist, body=finish))
        sign = SubmitInRequest(ActionEnum.SIGN, content_hash=frozen.content_hash)
        assert ok(post(self.case_id, client=self.specialist, body=sign)).signed_at is not None
        ask("work")

    def receive(self) -> None:
        case = self.seen_by(self.patient)
        assert (case.state, case.report_ready) == (CaseState.DELIVERED, True)
        pdf = get_cases_by_case_id_report_pdf.sync_detailed(self.case_id, client=self.patient)
        assert pdf.headers["Content-Type"] == "application/pdf"
        assert ok(pdf).payload.read(5) == b"%PDF-"
        bundle = ok(get_cases_by_case_id_report_fhir_json.sync_detailed(self.case_id, client=self.patient))
        assert bundle["resourceType"] == "Bundle"
        particulars = ok(get_cases_by_case_id_report.sync_detailed(self.case_id, client=self.patient))
        proof = ProofInRequest(sha256=particulars.pdf_sha256)
        checked = ok(post_report_verifications.sync_detailed(client=self.visitor, body=proof))
        assert checked.standing is ProofOutStandingEnum.VALID
        notices = ok(get_notifications.sync_detailed(client=self.patient, unread=True))
        assert "report_ready" in [one.kind for one in notices.results]
        ask("work")
        assert self.seen_by(self.patient).state is CaseState.FOLLOW_UP

    def follow_up(self) -> None:
        question = FollowUpInRequest(question="When may I take it again?")
        asked = ok(
            post_cases_by_case_id_follow_up_questions.sync_detailed(self.case_id, client=self.patient, body=question)
        )
        answer = post_cases_by_case_id_follow_up_questions_by_follow_up_id_answer.sync_detailed
        addendum = AddendumInRequest(answer="In two weeks, if the INR allows.")
        ok(answer(self.case_id, asked.id, client=self.specialist, body=addendum))
        told = ok(get_cases_by_case_id_follow_up_questions.sync_detailed(self.case_id, client=self.patient))
        assert [one.answer for one in told.questions] == ["In two weeks, if the INR allows."]
        rating = ServiceRatingInRequest(score=5)
        ok(post_cases_by_case_id_rating.sync_detailed(self.case_id, client=self.patient, body=rating))
        history = ok(get_cases_by_case_id_history.sync_detailed(self.case_id, client=self.patient))
        assert CaseState.DELIVERED in [one.target for one in history]

    def version(self, client: AuthenticatedClient) -> str:
        return tag(get_cases_by_case_id.sync_detailed(self.case_id, client=client))

    def seen_by(self, client: AuthenticatedClient) -> CaseOut:
        return ok(get_cases_by_case_id.sync_detailed(self.case_id, client=client))


def main() -> None:
    """Every step, in order."""
    base_url, folder = sys.argv[1:]
    journey = Journey(base_url, ask("people"), Path(folder))
    steps = (
        journey.register,
        journey.open_case,
        journey.upload,
        journey.submit,
        journey.assign,
        journey.talk,
        journey.give_opinion,
        journey.receive,
        journey.follow_up,
    )
    for step in steps:
        step()
        ask("done", step.__name__)


if __name__ == "__main__":
    main()
