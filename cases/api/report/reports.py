"""Reports: particulars of every version, and their files."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from cases.api.report.serializers_report import ReportVersionOut
from cases.services import report
from config.kernel.api import ApiView, json_response, signed_in
from config.kernel.errors import Invalid

VERSION = OpenApiParameter(
    "version",
    {"type": "integer", "minimum": 1, "maximum": 99_999},
    description="the number of an earlier version; the newest without it",
)


class Report(ApiView):
    """The newest report."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: ReportVersionOut}, summary="Read the report's particulars")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Hashes of both files, and the signed manifest."""
        return json_response(report.get_report(principal=self.principal, case_id=case_id))


class Reports(ApiView):
    """The report of every version."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: ReportVersionOut(many=True)}, summary="List the report of every version")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Newest first; the others stay readable, and are superseded."""
        found = report.list_reports(principal=self.principal, case_id=case_id)
        return json_response(found)


class ReportPdf(ApiView):
    """The report as people read it."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(
        parameters=[VERSION],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        summary="Download the report as PDF",
    )
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """As an attachment; the header ``Report-Standing`` says whether a newer version replaced it."""
        return _file(self.principal, request, case_id, "pdf", "application/pdf", "report.pdf")


class ReportFhir(ApiView):
    """The report as programs read it."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(
        parameters=[VERSION],
        responses={(200, "application/fhir+json"): OpenApiTypes.OBJECT},
        summary="Download the report as FHIR Bundle",
    )
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """An R4 document Bundle; the header ``Report-Standing`` says whether a newer version replaced it."""
        return _file(self.principal, request, case_id, "fhir", "application/fhir+json", "report.fhir.json")


def _file(principal: Any, request: Request, case_id: UUID, kind: str, media_type: str, name: str) -> HttpResponse:
    asked = request.query_params.get("version")
    if asked is not None and not (asked.isascii() and asked.isdigit() and len(asked) < 6):
        raise Invalid("version is the number of a version: 1, 2, 3 …", code="version_not_a_number")
    version = int(asked) if asked is not None else None
    found = report.report_file(principal=principal, case_id=case_id, kind=kind, version=version)
    response = HttpResponse(found.content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["Report-Version"] = str(found.version)
    response["Report-Standing"] = found.standing
    return response
