"""One resource by its type and id, by the rules of the native reading and recorded as that."""

import json
from collections.abc import Callable, Mapping
from uuid import UUID

from cases.db import atomic
from cases.models import Document, Report
from cases.queries.access import case_for
from cases.services.casefile.case_reads import case_page
from cases.services.documents.document_reads import get_document
from cases.services.fhir import resources
from cases.services.fhir.resources import Resource
from cases.services.fhir.visibility import require_patient
from cases.services.report.reports import list_reports, report_file
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from identity import services as identity


def read(*, principal: Principal, kind: str, resource_id: UUID) -> Resource:
    """The resource; ``NotFound`` for a type that is not read by id, an id that is not there, and strangers."""
    opener = _OPENERS.get(kind)
    if opener is None:
        raise NotFound(f"No {kind} is read by its id here; the CapabilityStatement lists what is.")
    return opener(principal, resource_id)


def document_bundle(*, principal: Principal, report_id: UUID) -> Resource:
    """The signed document Bundle of a report, as it was delivered."""
    case_id, version = _report_place(principal, report_id)
    found: Resource = json.loads(
        report_file(principal=principal, case_id=case_id, kind="fhir", version=version).content
    )
    return found


def _patient(principal: Principal, patient_id: UUID) -> Resource:
    require_patient(principal, patient_id)
    with atomic():
        record(
            context="cases",
            action="patient.read",
            patient_id=patient_id,
            object_type="patient",
            object_id=patient_id,
        )
    return resources.patient(identity.get_account(user_id=patient_id))


def _request(principal: Principal, case_id: UUID) -> Resource:
    page = case_page(principal=principal, case_id=case_id)
    return resources.service_request(page, subject=page["patient_id"])


def _task(principal: Principal, case_id: UUID) -> Resource:
    page = case_page(principal=principal, case_id=case_id)
    return resources.task(page, subject=page["patient_id"])


def _document(principal: Principal, document_id: UUID) -> Resource:
    found = get_document(principal=principal, document_id=document_id)
    # Without a name the reader is not shown the content, and so not whose it is.
    patient_id = Document.objects.values_list("patient_id", flat=True).get(id=document_id) if found.name else None
    return resources.document_reference(found, subject=patient_id)


def _report(principal: Principal, report_id: UUID) -> Resource:
    case_id, _ = _report_place(principal, report_id)
    found = next((one for one in list_reports(principal=principal, case_id=case_id) if one.id == report_id), None)
    if found is None:
        raise NotFound("There is no such report for you.")
    patient_id = Report.objects.values_list("case__patient_id", flat=True).get(id=report_id)
    return resources.diagnostic_report(found, subject=patient_id)


def _composition(principal: Principal, report_id: UUID) -> Resource:
    return _of_document(principal, report_id, "Composition")


def _provenance(principal: Principal, report_id: UUID) -> Resource:
    return _of_document(principal, report_id, "Provenance") | {"id": str(report_id)}


def _of_document(principal: Principal, report_id: UUID, kind: str) -> Resource:
    entries = document_bundle(principal=principal, report_id=report_id)["entry"]
    found: Resource = next(one["resource"] for one in entries if one["resource"]["resourceType"] == kind)
    return found


def _consent(principal: Principal, consent_id: UUID) -> Resource:
    own = principal.require_user_id()
    found = resources.consents(identity.list_consents(patient_id=own), subject=own)
    one = next((one for one in found if one["id"] == str(consent_id)), None)
    if one is None:
        raise NotFound("There is no such consent of yours.")
    return one


def _report_place(principal: Principal, report_id: UUID) -> tuple[UUID, int]:
    row = Report.objects.filter(id=report_id).values_list("case_id", "opinion__number").first()
    case_for(principal, row[0] if row else None, what="report")
    assert row is not None
    return row


_OPENERS: Mapping[str, Callable[[Principal, UUID], Resource]] = {
    "Patient": _patient,
    "ServiceRequest": _request,
    "Task": _task,
    "DocumentReference": _document,
    "DiagnosticReport": _report,
    "Composition": _composition,
    "Provenance": _provenance,
    "Consent": _consent,
}
