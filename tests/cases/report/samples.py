"""One full report of an invented patient, and ways to change it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from cases.domain.report.signed_report import (
    AiItem,
    Allergy,
    Alternative,
    Diagnosis,
    DocumentNotSeen,
    DocumentReliedOn,
    FirstRead,
    LabValue,
    Medicine,
    PeerReview,
    PlainLanguage,
    QuestionAnswer,
    ReportClinician,
    ReportPatient,
    SignedReport,
)

ROOT = Path(__file__).parents[3]


def uid(number: int) -> UUID:
    """A fixed UUID that is easy to tell apart in a failure."""
    return UUID(int=0x0192_0000_0000_7000_8000_0000_0000_0000 + number)


LAB_DOCUMENT, LETTER = uid(21), uid(22)
AI_POTASSIUM, AI_INTERACTION, AI_REJECTED = uid(31), uid(32), uid(33)
REJECTED_WORDS = "Ferritin 900 suggests haemochromatosis; arrange urgent venesection"

AUTHOR = ReportClinician(
    id=uid(3),
    name="Dr. Amara Okafor",
    specialty="Nephrology",
    organisation="Harbour Kidney Centre",
    licence_place="US-CA",
)
REVIEWER = ReportClinician(
    id=uid(4),
    name="Prof. Jürgen Weiß",
    specialty="Nephrology",
    organisation="Klinikum am Fluss",
    licence_place="DE",
)

QUESTIONS = (
    QuestionAnswer(
        number=1,
        question="Is the diagnosis of diabetic kidney disease right?",
        answer="Yes. The course over four years, the albumin in the urine and the eye findings fit "
        "diabetic kidney disease.\n\nA kidney biopsy is not needed at this point.",
        ai_item_ids=(AI_POTASSIUM,),
    ),
    QuestionAnswer(
        number=2,
        question="Should I stop ramipril because my potassium is raised?",
        answer="No. Keep ramipril; lower the potassium by diet and by stopping ibuprofen, and measure it again "
        "in one week.",
        ai_item_ids=(AI_INTERACTION,),
    ),
    QuestionAnswer(
        number=3,
        question="Will I need dialysis within five years?",
        cannot_answer_reason="Three earlier eGFR values would tell the slope; only one is in the records.",
    ),
)

LABORATORY = (
    LabValue(
        name="Potassium",
        value_text="5.6",
        value=Decimal("5.6"),
        unit="mmol/L",
        ucum="mmol/L",
        reference_low=Decimal("3.5"),
        reference_high=Decimal("5.1"),
        flag="high",
        loinc="2823-3",
        observed_on=date(2026, 10, 2),
        document_id=LAB_DOCUMENT,
        page=1,
        ai_item_id=AI_POTASSIUM,
    ),
    LabValue(
        name="Creatinine",
        value_text="1.9",
        value=Decimal("1.9"),
        unit="mg/dL",
        ucum="mg/dL",
        reference_low=Decimal("0.7"),
        reference_high=Decimal("1.3"),
        reference_text="0.7 - 1.3",
        flag="high",
        loinc="2160-0",
        observed_on=date(2026, 10, 2),
        document_id=LAB_DOCUMENT,
        page=1,
    ),
    LabValue(name="Troponin T", value_text="<0.01", unit="µg/L", reference_high=Decimal("0.04"), flag="normal"),
)

AI_ITEMS = (
    AiItem(
        id=AI_POTASSIUM,
        kind="laboratory value",
        engine="local engine 1.0",
        decision="accepted",
        proposed_text="Potassium 5.6 mmol/L, above the reference range 3.5–5.1",
        final_text="Potassium 5.6 mmol/L, above the reference range 3.5–5.1",
    ),
    AiItem(
        id=AI_INTERACTION,
        kind="drug interaction",
        engine="local engine 1.0",
        decision="edited",
        proposed_text="Ramipril with ibuprofen: acute kidney failure is certain, stop both at once",
        final_text="Ramipril with ibuprofen: raised risk of kidney injury and of high potassium",
        reason="certainty overstated",
    ),
    AiItem(
        id=AI_REJECTED,
        kind="red flag",
        engine="local engine 1.0",
        decision="rejected",
        proposed_text=REJECTED_WORDS,
        reason="the value belongs to another person's page",
    ),
)

PLAIN_TEXT = (
    "You asked if your kidneys are harmed by diabetes. We think yes. Your first doctor is right.\n\n"
    "Keep taking ramipril. It protects your kidneys. Stop ibuprofen: it can hurt them. Eat less food "
    "with a lot of potassium, such as bananas and dried fruit. Have a blood test in one week.\n\n"
    "Call a doctor at once if your heart beats in an odd way or your legs feel weak."
)


def report_fields() -> dict[str, Any]:
    """The arguments of a report that uses every part."""
    return {
        "report_id": uid(1),
        "case_id": uid(2),
        "case_reference": "SO-2026-000123",
        "patient": ReportPatient(id=uid(5), name="Maria Müller-Østergård", birth_date=date(1961, 3, 14), sex="female"),
        "author": AUTHOR,
        "signed_at": datetime(2026, 11, 23, 6, 30, 5, tzinfo=UTC),
        "content_hash": "ab" * 32,
        "version": 2,
        "questions": QUESTIONS,
        "summary": "The first diagnosis stands. The treatment needs one change: ibuprofen should be stopped, "
        "because it raises the potassium and harms the kidneys.",
        "history": "Type 2 diabetes since 2009, high blood pressure since 2012, background retinopathy. "
        "Takes ibuprofen for knee pain two or three times a week.",
        "diagnosis_agreement": "refined",
        "treatment_agreement": "minor_change",
        "clinical_impact": "moderate",
        "confidence": 82,
        "would_change_confidence": "An eGFR that falls by more than 5 mL/min/1.73 m² a year.",
        "proposed_plan": "1. Stop ibuprofen; paracetamol instead.\n2. Potassium and creatinine in one week.\n"
        "3. Keep ramipril 10 mg; aim for a blood pressure below 130/80 mmHg.",
        "plain_language": PlainLanguage(text=PLAIN_TEXT),
        "alternatives": (
            Alternative(title="Halve ramipril", description="Lowers potassium, protects the kidney less."),
            Alternative(
                title="Change nothing",
                description="The potassium may go on rising; the kidney function may fall faster.",
                is_doing_nothing=True,
            ),
        ),
        "first_opinion_diagnosis": Diagnosis(text="Chronic kidney disease", icd10="N18.9"),
        "first_opinion_treatment": "Ramipril 10 mg, metformin 1000 mg twice a day",
        "restated_diagnosis": Diagnosis(
            text="Type 2 diabetes mellitus with diabetic chronic kidney disease", icd10="E11.22"
        ),
        "diagnosis_reason": "The eye findings and four years of albumin in the urine name the cause.",
        "diagnosis_settled_by": "A kidney biopsy, if the course changes.",
        "treatment_reason": "Ibuprofen raises the potassium.",
        "treatment_settled_by": "Potassium one week after stopping ibuprofen.",
        "first_read": FirstRead(
            impression="Diabetic kidney disease, stage 3b; potassium probably from ibuprofen.",
            confidence=75,
            sealed_at=datetime(2026, 11, 21, 9, 12, tzinfo=UTC),
        ),
        "peer_review": PeerReview(
            reviewer=REVIEWER,
            outcome="minor_remarks",
            remarks="Agree; consider an SGLT2 inhibitor at the next visit.",
            dissent="I would measure the potassium after three days, not after a week.",
        ),
        "red_flags": ("Palpitations or a slow, irregular pulse", "New weakness of the legs"),
        "further_tests": ("Potassium and creatinine in one week", "Urine albumin/creatinine ratio"),
        "limitations": ("Only one eGFR value was available.",),
        "references": ("KDIGO 2022 Clinical Practice Guideline for Diabetes Management in CKD.",),
        "medicines": (
            Medicine(name="Ramipril", dosage="10 mg once a day"),
            Medicine(name="Metformin", dosage="1000 mg twice a day"),
            Medicine(name="Ibuprofen", dosage="400 mg when needed"),
        ),
        "allergies": (Allergy(substance="Penicillin", reaction="rash"),),
        "laboratory": LABORATORY,
        "documents_relied_on": (
            DocumentReliedOn(
                id=LAB_DOCUMENT,
                name="Laboratory report October 2026.pdf",
                sha256="0f" * 32,
                media_type="application/pdf",
            ),
            DocumentReliedOn(id=LETTER, name="Discharge letter.jpg", sha256="1e" * 32, media_type="image/jpeg"),
        ),
        "documents_not_seen": (
            DocumentNotSeen(
                name="Kidney ultrasound 2024",
                could_change="A small kidney on one side would ask for a look at the renal arteries.",
            ),
        ),
        "ai_items": AI_ITEMS,
        "legal_basis": "Licence at the patient's location",
    }


def full_report(**changes: Any) -> SignedReport:
    """The report with some of its fields replaced."""
    return SignedReport(**{**report_fields(), **changes})
