"""The people and organisations of the FHIR document."""

from __future__ import annotations

from uuid import UUID

from cases.adapters.report.fhir_parts import URI, Resource, clean, concept, derived_id, reference
from cases.domain.report.signed_report import ReportClinician, SignedReport


def people(report: SignedReport) -> list[Resource]:
    """Patient, then practitioner, organisation and role of the author and of the peer reviewer."""
    patient = report.patient
    resources: list[Resource] = [
        {
            "resourceType": "Patient",
            "id": str(patient.id),
            "identifier": [{"system": URI, "value": f"urn:uuid:{patient.id}"}],
            "name": [{"text": patient.name}],
            "gender": patient.sex,
            "birthDate": patient.birth_date.isoformat() if patient.birth_date else None,
        }
    ]
    clinicians = [report.author, *([report.peer_review.reviewer] if report.peer_review else [])]
    for clinician in clinicians:
        resources += [_practitioner(clinician), _role(report, clinician)]
    houses = [_organisation(report, clinician) for clinician in clinicians if has_organisation(clinician)]
    return resources + list({house["id"]: house for house in houses}.values())


def role_id(report: SignedReport, clinician: ReportClinician) -> UUID:
    """The id of the clinician's PractitionerRole in this report."""
    return derived_id(report, "role", str(clinician.id))


def has_organisation(clinician: ReportClinician) -> bool:
    """Whether the clinician's organisation has a name FHIR can carry."""
    return bool(clean(clinician.organisation))


def organisation_id(report: SignedReport, clinician: ReportClinician) -> UUID:
    """The id of the clinician's organisation: one for each name."""
    return derived_id(report, "organisation", clinician.organisation)


def _practitioner(clinician: ReportClinician) -> Resource:
    licence = f"Licensed in {clinician.licence_place}"
    return {
        "resourceType": "Practitioner",
        "id": str(clinician.id),
        "name": [{"text": clinician.name}],
        "qualification": [{"code": concept(f"{clinician.specialty}. {licence}")}],
    }


def _role(report: SignedReport, clinician: ReportClinician) -> Resource:
    organisation = reference(organisation_id(report, clinician)) if has_organisation(clinician) else None
    return {
        "resourceType": "PractitionerRole",
        "id": str(role_id(report, clinician)),
        "practitioner": reference(clinician.id),
        "organization": organisation,
        "specialty": [concept(clinician.specialty)],
    }


def _organisation(report: SignedReport, clinician: ReportClinician) -> Resource:
    return {
        "resourceType": "Organization",
        "id": str(organisation_id(report, clinician)),
        "name": clinician.organisation,
    }
