"""The journey, step by step: each waits for what it needs and fails loudly when it does not come."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any

from tests.journey.dashboard import Dashboard
from tests.journey.http import Caller, StepFailed
from tests.journey.live import await_notice
from tests.journey.people import mailed_token, mails_to, sign_in
from tests.journey.timeline import Timeline, wait_for
from tests.tooling.documents import clinical_set
from tests.tooling.facts import MARIA, Document

PASSWORD = "seven quiet rivers under snow"
QUESTIONS = (
    "Is warfarin still the right medicine for me?",
    "Could my medicines together explain the bleeding and the weak kidneys?",
)
ANSWERS = (
    "Pause warfarin now; once bleeding has stopped, choose an anticoagulant that suits eGFR 29.",
    "Yes. Ibuprofen harms stomach and kidneys and adds to bleeding; amiodarone lifts the INR.",
)
NO_CONFLICT = {
    "knows_patient": "no",
    "treated_patient": "no",
    "relation_to_clinician": "no",
    "referrer_or_payer": "no",
    "therapy_maker": "no",
}


class Story:
    """One second opinion. ``data_dir`` is the server's: its mailbox and demonstration accounts lie there."""

    def __init__(self, base_url: str, data_dir: Path, timeline: Timeline) -> None:
        self.base_url, self.data_dir, self.timeline = base_url, data_dir, timeline
        self.accounts: dict[str, Any] = json.loads((data_dir / "demo" / "accounts.json").read_text())
        self.address = f"maria.{secrets.token_hex(4)}@demo.example"
        self.began = time.time()
        self.documents: list[dict[str, Any]] = []

    # -- the patient --------------------------------------------------------------------------------------------
    def register(self) -> None:
        """Register; confirm the address by the link of the real mail; sign in; read and complete the profile."""
        visitor = Caller(self.base_url, "patient")
        body = {
            "email": self.address,
            "password": PASSWORD,
            "full_name": MARIA.full_name,
            "date_of_birth": MARIA.date_of_birth.isoformat(),
            "sex": "female",
            "country": "DE",
        }
        visitor.post("/auth/register", body, expect=202)
        token = mailed_token(self.data_dir / "mail", self.address, since=self.began)
        visitor.post("/auth/verify-email", {"token": token, "password": PASSWORD})
        self.patient = sign_in(self.base_url, "patient", {"email": self.address, "password": PASSWORD})
        self.patient.put("/profile/me", {"phone": "+49 30 5550123", "time_zone": "Europe/Berlin"})
        profile = self.patient.get("/profile/me")
        if not profile["email_verified"] or profile["full_name"] != MARIA.full_name:
            raise StepFailed(f"the profile is not the registered one: {profile}")

    def open_case(self) -> None:
        """Agree to what is needed, open a draft with questions, change it, find it in the list."""
        for purpose in ("service", "sharing", "ai_processing", "release"):
            self.patient.post("/consents", {"purpose": purpose, "text_version": "1"})
        case = self.patient.post(
            "/cases",
            {
                "title": "Bleeding on warfarin",
                "questions": list(QUESTIONS),
                "diagnosis": {"text": "Atrial fibrillation with gastrointestinal bleeding", "icd10": "I48.9"},
                "proposed_treatment": {"text": "Continue warfarin and amiodarone"},
                "history": "Tired since spring, dark stools for two weeks.",
                "medicines": [{"name": "Warfarin", "dose": "5 mg", "frequency": "once daily"}],
                "allergies": [{"substance": "Penicillin", "reaction": "rash"}],
                "treating_clinician": {"name": "Dr. Weber", "organisation": "City Hospital"},
                "country": "DE",
            },
            expect=201,
            headers={"Idempotency-Key": secrets.token_hex(8)},
        )
        self.case_id = case["id"]
        headers = {"If-Match": f'"{case["version"]}"'}
        self.patient.put(f"/cases/{self.case_id}", {"language": "en"}, headers=headers)
        self.patient.put(f"/cases/{self.case_id}", {"language": "en"}, headers=headers, expect=412)
        if self.case_id not in [row["id"] for row in self.patient.get("/cases")["results"]]:
            raise StepFailed("the new case is not in the patient's list")
        self.note_state()

    def upload(self) -> None:
        """A text PDF, a scan, a photo of a page and a DICOM image."""
        for document in clinical_set(MARIA):
            self.documents.append(self._upload(document))

    def await_reading(self) -> None:
        """Until every document was read and found to be the patient's."""
        for entry in self.documents:
            done = wait_for(f"the reading of {entry['name']}", lambda e=entry: self._settled(e["id"]), pause=0.5)
            if done["verdict"] == "failed":
                raise StepFailed(f"{done['name']} could not be read: {done['advice'] or done['reasons']}")
            entry.update(done)

    def confirm_unknown(self) -> None:
        """A coordinator says whose a document is, where nothing in it does."""
        for entry in self.documents:
            if entry["state"] in ("PROCESSED", "MISMATCHED"):
                body = {"belongs": True, "reason": "The patient handed it in personally."}
                self.coordinator.post(f"/documents/{entry['id']}/confirm", body)

    def submit(self) -> None:
        """Send the case in; an impossible step is refused and names what is possible."""
        self.patient.patch(f"/cases/{self.case_id}/status", {"to": "SIGNED"}, expect=409)
        self.patient.patch(f"/cases/{self.case_id}/status", {"to": "SUBMITTED"})
        self.note_state()

    # -- staff --------------------------------------------------------------------------------------------------
    def sign_in_staff(self) -> None:
        """Coordinator and nurse, with their second factors."""
        self.coordinator = sign_in(self.base_url, "coordinator", self.accounts["coordinator"])
        self.nurse = sign_in(self.base_url, "nurse", self.accounts["nurse"])

    def triage(self) -> None:
        """Complete records bring the case to triage by themselves; the nurse classifies it."""
        self.await_state("TRIAGE")
        data = {
            "urgency": "soon",
            "specialty": "internal_medicine",
            "service_type": "written_opinion",
            "red_flag_check": "none",
            "legal_basis": "licence",
        }
        self.nurse.patch(f"/cases/{self.case_id}/status", {"to": "T06", "data": data})
        self.note_state()

    def match(self) -> None:
        """The specialist licensed where the patient is, and why the other is not."""
        found = self.coordinator.get(f"/cases/{self.case_id}/candidates")
        wanted = self.accounts["specialist.de"]["professional_id"]
        other = self.accounts["specialist.us"]["professional_id"]
        if wanted not in [c["professional_id"] for c in found["candidates"]]:
            raise StepFailed(f"the German specialist is no candidate: {found}")
        if not any(e["professional_id"] == other and "licence" in e["reason"] for e in found["excluded"]):
            raise StepFailed(f"the American specialist is not excluded for the licence: {found}")
        self.coordinator.post(f"/cases/{self.case_id}/assign", {"professional_id": other}, expect=409)
        self.coordinator.post(f"/cases/{self.case_id}/assign", {"professional_id": wanted}, expect=201)

    # -- analysis -----------------------------------------------------------------------------------------------
    def analyse(self) -> None:
        """Ask for a run by hand; the others ran by themselves as soon as the documents were read."""
        self.patient.get("/models")
        accepted = self.patient.post("/analysis/document", {"document_id": self.documents[0]["id"]}, expect=202)
        self.run_id = accepted["id"]
        if self.patient.get(f"/analysis/{self.run_id}")["findings"]:
            raise StepFailed("the patient sees findings that no specialist has accepted")

    # -- the specialist -----------------------------------------------------------------------------------------
    def accept(self) -> None:
        """Sign in to the dashboard, find the offer in the worklist, take it; a declared conflict is refused first."""
        self.specialist = Dashboard(self.base_url, self.accounts["specialist.de"])
        self.specialist.sign_in()
        offer = f"/offers/{self.case_id}"
        if f"/dashboard{offer}" not in self.specialist.open("/"):
            raise StepFailed("the offer is not in the worklist")
        self.specialist.open(offer)
        conflict = NO_CONFLICT | {"treated_patient": "yes", "answer": "accept"}
        self.specialist.submit(offer, conflict, expect=409)
        self.specialist.submit(offer, NO_CONFLICT | {"answer": "accept"})
        self.note_state()

    def first_read(self) -> None:
        """Look at the records; machine findings stay locked until one's own impression is sealed."""
        page = self.specialist.open(f"/cases/{self.case_id}")
        if "data-finding" in page or "Continue warfarin" in page:
            raise StepFailed("findings or the first opinion are shown before the first read is sealed")
        for entry in self.documents:
            picture = self.specialist.image(f"/documents/{entry['id']}/pages/1/page.webp")
            if not picture.startswith(b"RIFF"):
                raise StepFailed(f"page 1 of {entry['name']} is no picture")
        body = {"impression": "Over-anticoagulation with kidney failure; medicines interact.", "confidence": "70"}
        self.specialist.submit(f"/cases/{self.case_id}/first-read", body)

    def decide_findings(self) -> None:
        """Accept what the page shows; reject one with a reason."""
        wait_for("the machine findings", self._findings)
        waiting = [finding for finding, decision in self.specialist.findings().items() if decision == "proposed"]
        for index, finding in enumerate(waiting):
            reject = index == len(waiting) - 1
            body = {"decision": "reject", "words": "Not relevant here."} if reject else {"decision": "accept"}
            self.specialist.part(f"/findings/{finding}", body | {"version": self.specialist.version_of(finding)})
        self.found = len(self.specialist.findings())

    def write_opinion(self) -> None:
        """Autosave, a refused early finish, then the whole; a stale window does not overwrite."""
        path = f"/cases/{self.case_id}"
        first = {"version": 0, "fields": {"summary": "First words."}}
        version = self.specialist.call("PUT", f"{path}/draft", json=first)["version"]
        if "Not finished yet" not in self.specialist.submit(f"{path}/finish", {}):
            raise StepFailed("an incomplete opinion was finished")
        whole = {"version": version, "fields": opinion_fields()}
        self.specialist.call("PUT", f"{path}/draft", json=whole)
        self.specialist.call("PUT", f"{path}/draft", json=whole, expect=412)
        wait_for("the decisions to arrive", lambda: self._finish(path), pause=1)
        self.note_state()

    def sign(self) -> None:
        """With a fresh second factor, and the very content that was approved."""
        path = f"/cases/{self.case_id}/sign"
        content_hash = self.specialist.value("content_hash")
        self.specialist.submit(path, {"content_hash": "0" * 64}, expect=409)
        self.specialist.submit(path, {"content_hash": content_hash})
        self.note_state()

    # -- the report ---------------------------------------------------------------------------------------------
    def receive(self, folder: Path) -> None:
        """A notice over the socket, a mail without health data, and the report in both forms."""
        ticket = self.patient.post("/realtime/ticket", expect=201)["ticket"]
        await_notice(self.base_url, ticket, "report_ready", seconds=900)
        self.await_state("DELIVERED")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.pdf").write_bytes(self.patient.download(f"/cases/{self.case_id}/report.pdf"))
        (folder / "report.fhir.json").write_bytes(self.patient.download(f"/cases/{self.case_id}/report.fhir.json"))
        kinds = [n["kind"] for n in self.patient.get("/notifications")["results"]]
        if "report_ready" not in kinds:
            raise StepFailed(f"the notice of the report is not listed: {kinds}")
        mails = wait_for("the mail about the report", self._news_mails)
        if any(word in mail for mail in mails for word in ("warfarin", "Keller", "bleeding", "opinion on")):
            raise StepFailed("a mail holds health data")

    def follow_up(self) -> None:
        """Opening the report moves the case on."""
        self.await_state("FOLLOW_UP")
        history = self.patient.get(f"/cases/{self.case_id}/history")
        self.path = [history[0]["source"], *[entry["target"] for entry in history]]

    # -- helpers ------------------------------------------------------------------------------------------------
    def await_state(self, state: str) -> None:
        """Wait until the case is in ``state``."""
        wait_for(f"the case in {state}", lambda: True if self.note_state() == state else None)

    def note_state(self) -> str:
        """Read the case's state into the timeline."""
        self.timeline.state = self.patient.get(f"/cases/{self.case_id}")["state"]
        return self.timeline.state

    def _upload(self, document: Document) -> dict[str, Any]:
        files = {"file": (document.name, document.content, document.media_type)}
        answer = self.patient._raw("POST", "/documents/upload", 201, files=files, data={"case_id": self.case_id})
        body: dict[str, Any] = answer.json()
        return body

    def _settled(self, document_id: str) -> dict[str, Any] | None:
        document: dict[str, Any] = self.patient.get(f"/documents/{document_id}")
        return document if document["state"] not in ("QUARANTINED", "CLEAN") else None

    def _findings(self) -> bool | None:
        page = self.specialist.open(f"/cases/{self.case_id}")
        kinds = (">laboratory<", ">medicine<", ">interaction<")
        return True if all(kind in page.lower() for kind in kinds) else None

    def _finish(self, path: str) -> bool | None:
        """Decisions reach the case as events: a moment may pass; findings of a late run are decided too."""
        if "Read once more" in self.specialist.submit(f"{path}/finish", {}):
            return True
        for finding, decision in self.specialist.findings().items():
            if decision == "proposed":
                self.specialist.part(f"/findings/{finding}", {"decision": "accept"})
        if "machine finding" not in self.specialist.page:
            raise StepFailed("the finished opinion was refused: " + " ".join(self.specialist.page.split())[-1500:])
        return None

    def _news_mails(self) -> list[str] | None:
        mails = mails_to(self.data_dir / "mail", self.address, since=self.began)
        return mails if len(mails) >= 2 else None


def opinion_fields() -> dict[str, Any]:
    """A whole opinion, as the form's script sends it."""
    return {
        "summary": "The bleeding is explained by an INR of 3.8 together with ibuprofen; amiodarone raises the INR.",
        "answer_1": ANSWERS[0],
        "answer_2": ANSWERS[1],
        "diagnosis_agreement": "refined",
        "restated_text": "Upper gastrointestinal bleeding under warfarin with interaction, acute kidney injury",
        "restated_icd10": "K92.2",
        "treatment_agreement": "major_change",
        "plan": "Stop ibuprofen. Pause warfarin. Endoscopy within 24 hours. Repeat potassium and INR today.",
        "do_nothing": "Further bleeding is likely, and a potassium of 6.4 mmol/L can stop the heart.",
        "alternative_title": "Reduced warfarin dose",
        "alternative_description": "With INR checks every three days.",
        "clinical_impact": "major",
        "confidence": "85",
        "confidence_would_change": "The endoscopy report and a repeated potassium.",
        "red_flags": "Black stools with dizziness: call the emergency services.",
        "further_tests": "Gastroscopy\nRepeat potassium\nUrine sediment",
        "limitations": "No examination; records of one hospital only.",
        "references": "Steffel J et al. EHRA Practical Guide 2021, doi:10.1093/europace/euab065",
        "plain_language": "Your blood is too thin and a pain tablet made your stomach bleed. Stop the pain tablet."
        " Your doctors should look into your stomach soon and check your blood again today.",
        "not_seen_name": "Endoscopy report",
        "not_seen_could_change": "The source of the bleeding.",
    }
