"""``Patient/$everything``: all that the caller reads of one patient, a page of cases at a time."""

from uuid import UUID

from cases.db import atomic
from cases.models import Document, Report
from cases.services.documents.document_reads import document_dto, names
from cases.services.fhir import resources
from cases.services.fhir.resource_reads import read
from cases.services.fhir.resources import Resource
from cases.services.fhir.search import Wish, requests_of
from cases.services.report.reports import report_dto
from cases.services.report.verification import standings_of
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey
from identity import services as identity


def everything(*, principal: Principal, wish: Wish) -> tuple[list[Resource], UUID | None]:
    """The patient, then of each readable case the request, its task, documents and reports; consents for their owner.

    The number of statements does not grow with the number of cases on the page.
    """
    patient_id = wish.patient_id or UUID(int=0)
    person = read(principal=principal, kind="Patient", resource_id=patient_id)
    lines, patients, after = requests_of(principal, wish)
    ids = [line["id"] for line in lines if patients.get(line["id"]) == patient_id]
    found = [person] if wish.after is None else []
    for line in (one for one in lines if one["id"] in set(ids)):
        found += [shape(line, subject=patient_id) for shape in (resources.service_request, resources.task)]
    found += _held(principal, patient_id, ids)
    if wish.after is None and principal.user_id == patient_id:
        found += resources.consents(identity.list_consents(patient_id=patient_id), subject=patient_id)
    return found, after


def _held(principal: Principal, patient_id: UUID, ids: list[UUID]) -> list[Resource]:
    if not ids:
        return []
    key = identity.data_key(subject_id=patient_id)
    with atomic():
        record(
            context="cases",
            action="patient.everything",
            patient_id=patient_id,
            object_type="patient",
            object_id=patient_id,
            detail={"cases": len(ids)},
        )
        documents = list(Document.objects.filter(case_id__in=ids).order_by("id"))
        delivered = Report.objects.select_related("opinion").filter(case_id__in=ids).exclude(delivered_at=None)
        rows = [] if principal.is_staff_member else list(delivered.order_by("id"))
    return [
        *(_reference(principal, one, key) for one in documents),
        *(
            resources.diagnostic_report(report_dto(row, standing), subject=patient_id)
            for row, standing in zip(rows, standings_of(rows), strict=True)
        ),
    ]


def _reference(principal: Principal, document: Document, key: DataKey) -> Resource:
    """As read alone: whoever is not told what the document says is not told whose it is."""
    named = names(principal, document)
    shown = document_dto(document, key, content=named)
    return resources.document_reference(shown, subject=document.patient_id if named else None)
