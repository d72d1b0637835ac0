"""Building, delivering and handing out the report of a signed opinion."""

import hashlib
from uuid import UUID

from django.db.models import QuerySet

from cases.adapters.report import build_bundle, build_pdf
from cases.adapters.report_keys import report_signer
from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.report.proof import Manifest, digest, fhir_bytes, seal_fhir, seal_pdf, series_of
from cases.domain.report.signed_report import SignedReport
from cases.domain.workflow.state_machines import SIGNED_OPINIONS
from cases.models import Opinion, Report
from cases.queries.access import case_for
from cases.queries.proxies import is_patient
from cases.queries.sealed_contents import place
from cases.services.opinion.report_content import report_of
from cases.services.report.dto import ReportDTO, ReportFile
from cases.services.report.verification import standing_of, standings_of
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import open_json
from config.kernel.db import uuid7
from config.kernel.errors import Forbidden, NotFound
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity


def build_report(run: JobRun) -> None:
    """The job behind a signature: PDF and FHIR document, each with its proof, sealed and stored, once a version."""
    opinion = Opinion.objects.select_related("case").get(id=run.subject_id)
    if Report.objects.filter(opinion=opinion).exists():
        return
    case = opinion.case
    key = identity.data_key(subject_id=case.patient_id)
    content = open_json(key, place("opinion", "content", opinion.id), opinion.content_sealed)
    report_id = uuid7()
    signed = report_of(case, opinion, content, report_id=report_id)
    manifest, pdf, fhir = _proven_files(signed)
    pdf_key = sealed_files.store(key, "report", report_id, [pdf])
    fhir_key = sealed_files.store(key, "reportfhir", report_id, [fhir])
    with atomic():
        Report.objects.create(
            id=report_id,
            case=case,
            opinion=opinion,
            pdf_key=pdf_key,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            fhir_key=fhir_key,
            fhir_sha256=hashlib.sha256(fhir).hexdigest(),
            manifest=manifest,
        )
        sealed_files.keep(pdf_key, fhir_key)
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
    """The newest report's particulars."""
    row = _report_for(principal, case_id, "report.read")
    return report_dto(row, standing_of(row))


def list_reports(*, principal: Principal, case_id: UUID) -> tuple[ReportDTO, ...]:
    """The report of every version, newest first; all but the first are superseded."""
    with atomic():
        rows = list(_reports_for(principal, case_id))
        if rows:
            _note(rows[0], "report.list")
    return tuple(report_dto(row, standing) for row, standing in zip(rows, standings_of(rows), strict=True))


def report_file(*, principal: Principal, case_id: UUID, kind: str, version: int | None = None) -> ReportFile:
    """The PDF (``kind`` pdf) or FHIR R4 document (fhir) of the newest version, or of the one named.

    The patient's first reading of either moves the case on.
    """
    row = _report_for(principal, case_id, f"report.download_{kind}", version)
    stored, storage_key = {"pdf": ("report", row.pdf_key), "fhir": ("reportfhir", row.fhir_key)}[kind]
    key = identity.data_key(subject_id=row.case.patient_id)
    data = b"".join(sealed_files.fetch(key, stored, row.id, storage_key))
    _opened(row, principal)
    return ReportFile(content=data, version=row.opinion.number, standing=standing_of(row))


def _proven_files(signed: SignedReport) -> tuple[str, bytes, bytes]:
    """(manifest, PDF, FHIR document): the manifest is in both files, and the seal covers the finished PDF."""
    signer, bundle = report_signer(), build_bundle(signed)
    issuer = str(setting("PUBLIC_URL")).rstrip("/")
    manifest = Manifest(
        issuer=issuer,
        report_id=signed.report_id,
        series=series_of(signed.case_id),
        version=signed.version,
        content_hash=signed.content_hash,
        fhir=digest(fhir_bytes(bundle)),
        signer=signed.author.name,
        licence_place=signed.author.licence_place,
        signed_at=signed.signed_at,
        supersedes=signed.supersedes,
    ).signed(signer)
    pdf = build_pdf(signed, proof=f"{issuer}/verify#{manifest}")
    return manifest, seal_pdf(pdf, manifest, signer), seal_fhir(bundle, manifest)


def _reports_for(principal: Principal, case_id: UUID) -> QuerySet[Report]:
    """The reports that the caller may read, newest first: the patient's are those that were delivered."""
    case, relation = case_for(principal, case_id)
    if not relation.may(Act.FOLLOW):
        raise Forbidden("The report is for the patient and its author.", code="role_forbidden")
    rows = Report.objects.select_related("case", "opinion").filter(case=case, opinion__state__in=SIGNED_OPINIONS)
    if relation is not Relation.ASSIGNED:
        rows = rows.exclude(delivered_at=None)
    return rows.order_by("-opinion__number")


def _report_for(principal: Principal, case_id: UUID, action: str, version: int | None = None) -> Report:
    with atomic():
        rows = _reports_for(principal, case_id)
        row = (rows if version is None else rows.filter(opinion__number=version)).first()
        if row is None:
            raise NotFound("There is no report yet." if version is None else "There is no report of this version.")
        _note(row, action)
    return row


def _note(row: Report, action: str) -> None:
    record(
        context="cases",
        action=action,
        patient_id=row.case.patient_id,
        object_type="report",
        object_id=row.id,
    )


def _opened(row: Report, principal: Principal) -> None:
    if not is_patient(principal, row.case.patient_id):
        return
    with atomic():
        first = Report.objects.filter(id=row.id, opened_at=None).update(opened_at=now())
        if first:
            enqueue(context="cases", kind="cases.advance", subject_id=row.case_id)


def report_dto(row: Report, standing: str) -> ReportDTO:
    """A row as it is handed out."""
    return ReportDTO(
        id=row.id,
        case_id=row.case_id,
        opinion_number=row.opinion.number,
        pdf_sha256=row.pdf_sha256,
        fhir_sha256=row.fhir_sha256,
        opened_at=row.opened_at,
        delivered_at=row.delivered_at,
        standing=standing,
        manifest=row.manifest,
    )
