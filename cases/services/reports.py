"""Building, delivering and handing out the report of a signed opinion."""

import hashlib
import json
from uuid import UUID

from cases.adapters.report import build_bundle, build_pdf
from cases.db import atomic, now
from cases.models import Opinion, Report
from cases.queries.access import case_for
from cases.queries.contents import place
from cases.services import files
from cases.services.dto import ReportDTO
from cases.services.report_data import report_of
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import open_json
from config.kernel.db import uuid7
from config.kernel.errors import Forbidden, NotFound
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity


def build_report(run: JobRun) -> None:
    """The job behind a signature: PDF and FHIR document, sealed and stored, once a version."""
    opinion = Opinion.objects.select_related("case").get(id=run.subject_id)
    if Report.objects.filter(opinion=opinion).exists():
        return
    case = opinion.case
    key = identity.data_key(subject_id=case.patient_id)
    content = open_json(key, place("opinion", "content", opinion.id), opinion.content_sealed)
    report_id = uuid7()
    signed = report_of(case, opinion, content, report_id=report_id)
    pdf = build_pdf(signed)
    fhir = json.dumps(build_bundle(signed), ensure_ascii=False).encode()
    pdf_key = files.store(key, "report", report_id, [pdf])
    fhir_key = files.store(key, "reportfhir", report_id, [fhir])
    with atomic():
        Report.objects.create(
            id=report_id,
            case=case,
            opinion=opinion,
            pdf_key=pdf_key,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            fhir_key=fhir_key,
            fhir_sha256=hashlib.sha256(fhir).hexdigest(),
        )
        record(
            context="cases",
            action="report.build",
            patient_id=case.patient_id,
            object_type="report",
            object_id=report_id,
        )
        enqueue(context="cases", kind="cases.advance", subject_id=case.id)
        run.complete()


def get_report(*, principal: Principal, case_id: UUID) -> ReportDTO:
    """The delivered report's particulars."""
    return _dto(_report_for(principal, case_id, "report.read"))


def report_pdf(*, principal: Principal, case_id: UUID) -> bytes:
    """The PDF; the patient's first reading of it is kept, and moves the case on."""
    row = _report_for(principal, case_id, "report.download_pdf")
    key = identity.data_key(subject_id=row.case.patient_id)
    data = b"".join(files.fetch(key, "report", row.id, row.pdf_key))
    _opened(row, principal)
    return data


def report_fhir(*, principal: Principal, case_id: UUID) -> bytes:
    """The FHIR R4 document Bundle, as JSON bytes."""
    row = _report_for(principal, case_id, "report.download_fhir")
    key = identity.data_key(subject_id=row.case.patient_id)
    data = b"".join(files.fetch(key, "reportfhir", row.id, row.fhir_key))
    _opened(row, principal)
    return data


def _report_for(principal: Principal, case_id: UUID, action: str) -> Report:
    with atomic():
        case, relation = case_for(principal, case_id)
        if relation not in ("owner", "delegate", "assigned"):
            raise Forbidden("The report is for the patient and its author.", code="role_forbidden")
        row = (
            Report.objects.select_related("case", "opinion")
            .filter(case=case, opinion__state="SIGNED")
            .order_by("-opinion__number")
            .first()
        )
        if row is None or (relation in ("owner", "delegate") and case.delivered_at is None):
            raise NotFound("There is no report yet.")
        record(
            context="cases",
            action=action,
            patient_id=case.patient_id,
            object_type="report",
            object_id=row.id,
        )
    return row


def _opened(row: Report, principal: Principal) -> None:
    if principal.user_id != row.case.patient_id:
        return
    with atomic():
        first = Report.objects.filter(id=row.id, opened_at=None).update(opened_at=now())
        if first:
            enqueue(context="cases", kind="cases.advance", subject_id=row.case_id)


def _dto(row: Report) -> ReportDTO:
    return ReportDTO(row.id, row.case_id, row.opinion.number, row.pdf_sha256, row.fhir_sha256, row.opened_at)
