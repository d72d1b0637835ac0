"""Copies of one's own data."""

from dataclasses import asdict
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, idempotent, roles
from config.kernel.auth import ROLES, STAFF_ROLES
from identity import services
from identity.api.serializers import ExportLinkOut, ExportOut

# A member of staff who is a patient asks as the patient that they are.
_OWNERS = roles(*sorted(ROLES - STAFF_ROLES))


class Exports(ApiView):
    """Asking for a copy."""

    policy = _OWNERS

    @extend_schema(request=None, responses={202: ExportOut}, summary="Ask for a copy of everything held about me")
    @idempotent("identity")
    def post(self, request: Request, user_id: UUID) -> Response:
        """Needs a fresh proof (step-up). Follow ``Location``."""
        export = services.request_export(principal=self.principal, user_id=user_id)
        where = f"/api/v1/users/{user_id}/exports/{export.id}"
        return Response(asdict(export), status=202, headers={"Location": where, "Retry-After": "2"})


class ExportDetail(ApiView):
    """One copy."""

    policy = _OWNERS

    @extend_schema(responses={200: ExportOut}, summary="See how far my copy is")
    def get(self, request: Request, user_id: UUID, export_id: UUID) -> Response:
        """``progress`` is a percentage."""
        export = services.get_export(principal=self.principal, user_id=user_id, export_id=export_id)
        return Response(asdict(export))

    @extend_schema(request=None, responses={201: ExportLinkOut}, summary="Get a link to my copy")
    def post(self, request: Request, user_id: UUID, export_id: UUID) -> Response:
        """It works once, within a minute, with your own token."""
        secret = services.export_link(principal=self.principal, user_id=user_id, export_id=export_id)
        return Response({"link": f"/api/v1/exports/{secret}", "expires_in": 60}, status=201)


class ExportFile(ApiView):
    """The archive."""

    policy = _OWNERS
    # No HEAD: GET spends the link, and whoever only looks (a mail scanner, a download manager) must spend nothing.
    http_method_names = ("get", "options")

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY}, summary="Download my copy")
    def get(self, request: Request, secret: str) -> StreamingHttpResponse:
        """A ZIP with JSON, files, FHIR documents and a manifest of checksums."""
        export, chunks = services.fetch_export(principal=self.principal, secret=secret)
        response = StreamingHttpResponse(chunks, content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
        response["Content-Length"] = str(export.size)
        response["X-Content-Type-Options"] = "nosniff"
        return response
