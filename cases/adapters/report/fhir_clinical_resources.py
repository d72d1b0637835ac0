"""What was known about the patient before the opinion: results, medicines, allergies, documents."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from decimal import Decimal

from cases.adapters.report import words
from cases.adapters.report.fhir_parts import (
    LOINC,
    TERMINOLOGY,
    UCUM,
    URI,
    Resource,
    concept,
    derived_id,
    reference,
)
from cases.domain.report.signed_report import Allergy, DocumentReliedOn, LabValue, Medicine, SignedReport

# HL7 v3 ObservationInterpretation; a result nobody judged carries no interpretation.
_INTERPRETATION = {"critical_low": "LL", "low": "L", "normal": "N", "high": "H", "critical_high": "HH"}


def observations(report: SignedReport) -> list[Resource]:
    """One laboratory Observation per result."""
    return [_observation(report, lab, n) for n, lab in enumerate(report.laboratory)]


def _observation(report: SignedReport, lab: LabValue, index: int) -> Resource:
    flag = _INTERPRETATION.get(lab.flag)
    limits = {"low": _quantity(lab, lab.reference_low), "high": _quantity(lab, lab.reference_high)}
    source = f"Page {lab.page} of the document." if lab.page and lab.document_id else ""
    software = "Read by software and accepted by the author." if lab.ai_item_id else ""
    # Without a certain day the element is absent; the words say what the sheet prints.
    unusual = lab.date_means in words.DATE_MEANS or (lab.date_printed and not lab.observed_on)
    dated = f"Date: {words.result_day(lab)}." if unusual else ""
    return {
        "resourceType": "Observation",
        "id": str(derived_id(report, "result", index)),
        "status": "final",
        "category": [concept(system=f"{TERMINOLOGY}/observation-category", code="laboratory")],
        "code": concept(lab.name, system=LOINC, code=lab.loinc),
        "subject": reference(report.patient.id),
        "effectiveDateTime": lab.observed_on.isoformat() if lab.observed_on else None,
        **_value(lab),
        "interpretation": [concept(system=f"{TERMINOLOGY}/v3-ObservationInterpretation", code=flag)] if flag else [],
        "referenceRange": [{k: v for k, v in {**limits, "text": lab.reference_text}.items() if v}],
        "derivedFrom": [reference(lab.document_id)] if lab.document_id else [],
        "note": [{"text": " ".join(part for part in (source, dated, software) if part)}],
    }


def _value(lab: LabValue) -> Resource:
    quantity = _quantity(lab, lab.value)
    # A number alone would pass for sure.
    if quantity is None or lab.doubt:
        return {"valueString": lab.result}
    printed = lab.value_text.strip()
    comparator = next((sign for sign in ("<=", ">=", "<", ">") if printed.startswith(sign)), None)
    return {"valueQuantity": {"comparator": comparator, **quantity}}


def _quantity(lab: LabValue, value: Decimal | None) -> Resource | None:
    if value is None:
        return None
    number = int(value) if value == value.to_integral_value() else float(value)
    return {
        "value": number,
        "unit": lab.unit,
        "system": UCUM if lab.ucum else None,
        "code": lab.ucum,
    }


def medicines(report: SignedReport) -> list[Resource]:
    """One MedicationStatement per medicine the patient takes."""
    return [_medicine(report, medicine, n) for n, medicine in enumerate(report.medicines)]


def _medicine(report: SignedReport, medicine: Medicine, index: int) -> Resource:
    return {
        "resourceType": "MedicationStatement",
        "id": str(derived_id(report, "medicine", index)),
        "status": "active",
        "medicationCodeableConcept": concept(medicine.name),
        "subject": reference(report.patient.id),
        "dosage": [{"text": medicine.dosage}],
    }


def allergies(report: SignedReport) -> list[Resource]:
    """One AllergyIntolerance per substance, as told and not confirmed here."""
    return [_allergy(report, allergy, n) for n, allergy in enumerate(report.allergies)]


def _allergy(report: SignedReport, allergy: Allergy, index: int) -> Resource:
    return {
        "resourceType": "AllergyIntolerance",
        "id": str(derived_id(report, "allergy", index)),
        "clinicalStatus": concept(system=f"{TERMINOLOGY}/allergyintolerance-clinical", code="active"),
        "verificationStatus": concept(system=f"{TERMINOLOGY}/allergyintolerance-verification", code="unconfirmed"),
        "code": concept(allergy.substance),
        "patient": reference(report.patient.id),
        "reaction": [{"manifestation": [concept(allergy.reaction)]}] if allergy.reaction.strip() else [],
    }


def documents(report: SignedReport) -> list[Resource]:
    """One DocumentReference per document relied on."""
    return [_document(report, document) for document in report.documents_relied_on]


def _document(report: SignedReport, document: DocumentReliedOn) -> Resource:
    return {
        "resourceType": "DocumentReference",
        "id": str(document.id),
        # Attachment.hash of R4 is SHA-1 by definition; a SHA-256 goes into an RFC 6920 name instead.
        "identifier": [{"system": URI, "value": _named_information(document.sha256)}],
        "status": "current",
        "subject": reference(report.patient.id),
        "content": [{"attachment": {"contentType": document.media_type, "title": document.name}}],
    }


def _named_information(sha256: str) -> str:
    digest = urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"
