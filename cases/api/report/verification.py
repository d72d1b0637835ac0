"""Checking reports without an account: nothing here names a patient or a case."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.report.serializers_report import KeySetOut, ProofIn, ProofOut
from cases.services import report
from config.kernel.api import ApiView, json_response, public
from config.kernel.errors import Invalid
from config.kernel.limits import per_network


class ReportVerifications(ApiView):
    """Whether a report is genuine."""

    policy = public()
    limits = (per_network("report-verifications", 60, minutes=1),)

    @extend_schema(request=ProofIn, responses={200: ProofOut}, summary="Check a report")
    def post(self, request: Request) -> HttpResponse:
        """By the SHA-256 of its file, computed where the file is, or by the manifest of its QR code: one of the two."""
        data = self.body(ProofIn)
        if len(data) != 1:
            raise Invalid("Send either sha256 or manifest.", code="one_proof")
        if "sha256" in data:
            return json_response(report.check_file(sha256=data["sha256"]))
        return json_response(report.check_manifest(manifest=data["manifest"]))


class ReportKeys(ApiView):
    """The public keys of reports."""

    policy = public()
    limits = (per_network("report-keys", 120, minutes=1),)

    @extend_schema(responses={200: KeySetOut}, summary="Fetch the public keys that reports are checked with")
    def get(self, request: Request) -> HttpResponse:
        """A JSON Web Key Set; keep it as a file to check reports without a network."""
        return json_response(dict(report.published_keys()), headers={"Cache-Control": "public, max-age=300"})


class ReportStatusList(ApiView):
    """Which reports have a newer version."""

    policy = public()
    limits = (per_network("report-status-list", 30, minutes=1),)

    @extend_schema(
        responses={(200, "application/jose"): OpenApiTypes.STR}, summary="Fetch the signed list of superseded reports"
    )
    def get(self, request: Request) -> HttpResponse:
        """A signed statement; it names reports by hashes that only who holds a report can find."""
        response = HttpResponse(report.status_list(), content_type="application/jose")
        response["Cache-Control"] = "public, max-age=300"
        return response
