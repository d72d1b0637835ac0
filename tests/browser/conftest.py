"""A real Chromium on the real pages, over a live server and five test databases."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cases.services import assignment, documents, intake, workflow
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.auth import SYSTEM, Principal, acting_as
from config.kernel.due_work import drain
from identity import services as identity
from professionals import services as professionals
from tests.factories import PASSWORD, TOTP_SECRET, make_patient, make_person
from tests.tooling.clinical import discharge_letter, lab_report

# Playwright's own loop runs in this thread; Django would take the tests' queries for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / ".local" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Guards against waiting for ever, for a machine that does other things as well.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Offered:
    """A case on offer to a specialist who can sign in."""

    case_id: UUID
    email: str
    password: str
    totp: str
    patient: Principal


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium")
    if program is None:
        reason = "The browser tests need Debian's Chromium: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A fresh profile; every page error fails the test."""
    context = chromium.new_context(base_url=live_server.url, viewport=WIDE)  # type: ignore[arg-type]  # a plain dict works
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A window whose script errors are not swallowed."""
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors, errors


@pytest.fixture
def offered(transactional_db: Any, tmp_path: Path) -> Offered:
    """A case with read and analysed documents, on offer."""
    identity.forget_keys()
    patient = make_patient(full_name="Maria Keller")
    case_id = intake.open_case(principal=patient, fields=_fields())
    for document in (discharge_letter(), lab_report()):
        path = tmp_path / document.name
        path.write_bytes(document.content)
        documents.upload_document(
            principal=patient, case_id=case_id, name=document.name, declared_type=document.media_type, source=path
        )
    drain()
    workflow.move(principal=patient, case_id=case_id, to="SUBMITTED")
    drain()
    triage = {
        "urgency": "soon",
        "specialty": "internal_medicine",
        "service_type": "written_opinion",
        "red_flag_check": "none",
        "legal_basis": "licence",
    }
    workflow.move(principal=make_person("nurse"), case_id=case_id, to=Transition.FINISH_TRIAGE, data=triage)
    profile, email = _specialist()
    assignment.offer_case(principal=make_person("coordinator"), case_id=case_id, professional_id=profile)
    drain()
    return Offered(case_id, email, PASSWORD, TOTP_SECRET, patient)


def _fields() -> dict[str, Any]:
    return {
        "title": "Bleeding on warfarin",
        "questions": ["Is warfarin still right for me?", "Could my medicines explain the bleeding?"],
        "diagnosis": {"text": "Atrial fibrillation with bleeding", "icd10": "I48.9"},
        "proposed_treatment": {"text": "Continue warfarin"},
        "history": "Tired since spring, dark stools for two weeks.",
        "medicines": [{"name": "Warfarin", "dose": "5 mg", "frequency": "once daily"}],
        "allergies": [{"substance": "Penicillin", "reaction": "rash"}],
        "treating_clinician": {"name": "Dr. Weber", "organisation": "City Hospital"},
        "country": "DE",
        "region": "",
        "language": "en",
    }


def _specialist() -> tuple[UUID, str]:
    email = f"specialist-{clock.now().timestamp():.6f}@example.org"
    with acting_as(SYSTEM):
        profile = professionals.register_professional(
            email=email,
            password=PASSWORD,
            full_name="Dr. Sofia Brandt",
            specialty="internal_medicine",
            languages=["en", "de"],
            organisation="Praxis am Park",
            country="DE",
            email_verified=True,
        )
        identity.seed_totp(user_id=profile.user_id, secret=TOTP_SECRET)
    today = clock.now().date()
    licence = professionals.LicenceInput(
        country="DE",
        region="",
        number=f"DE-{profile.id.hex[-8:]}",
        body="Ärztekammer",
        valid_from=today - timedelta(days=100),
        valid_to=today + timedelta(days=400),
    )
    owner = Principal(user_id=profile.user_id, roles=frozenset({"professional"}))
    professionals.submit_credentials(principal=owner, licences=[licence])
    professionals.prepare_verification(
        principal=make_person("administrator"), professional_id=profile.id, evidence="register looked up"
    )
    professionals.decide_verification(principal=make_person("administrator"), professional_id=profile.id, approve=True)
    return profile.id, email
