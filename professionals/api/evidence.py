"""Documents of licences and credentials."""

from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from config.kernel.api import ApiView, json_response, roles
from config.kernel.api.uploads import require_fitting_form, uploaded_file
from config.kernel.auth import Principal
from config.kernel.errors import FieldError, Invalid
from professionals import services
from professionals.api.serializers_evidence import EvidenceIn, EvidenceOut

# What somebody's file may do in a browser: nothing.
INERT = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


class EvidenceList(ApiView):
    """The documents of one specialist."""

    policy = roles("professional", "administrator")
    policies = {"POST": roles("professional")}
    # The form is read by ``uploaded_file``, which counts while it comes.
    parser_classes = ()

    @extend_schema(responses={200: EvidenceOut(many=True)}, summary="Read the documents of a specialist's credentials")
    def get(self, request: Request, professional_id: UUID) -> HttpResponse:
        """One's own, or (administrators) anybody's."""
        found = services.list_evidence(principal=self.principal, professional_id=professional_id)
        return json_response(found)

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """A form that fits."""
        require_fitting_form(request)

    @extend_schema(
        request={"multipart/form-data": EvidenceIn}, responses={201: EvidenceOut}, summary="Upload a document of mine"
    )
    def post(self, request: Request, professional_id: UUID) -> HttpResponse:
        """It is quarantined, then read in the background; two people confirm it."""
        file, form = uploaded_file(request._request, EvidenceIn)
        made = services.add_evidence(
            principal=self.principal,
            professional_id=professional_id,
            name=file.name or "",
            declared_type=file.content_type or "",
            source=Path(file.temporary_file_path()),
            licence_id=_id(form.get("licence_id"), "licence_id"),
            credential_id=_id(form.get("credential_id"), "credential_id"),
        )
        return json_response(made, status=201)


class EvidenceFile(ApiView):
    """One document's bytes."""

    policy = roles("professional", "administrator")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, summary="Download a document")
    def get(self, request: Request, professional_id: UUID, evidence_id: UUID) -> HttpResponse:
        """As an attachment, when nothing was found in it."""
        held, content = services.evidence_file(
            principal=self.principal, professional_id=professional_id, evidence_id=evidence_id
        )
        response = HttpResponse(content, content_type="application/octet-stream", headers=INERT)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(held.name, safe='')}"
        return response


def _id(text: str | None, name: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        detail = f"{name} is not an id."
        raise Invalid(detail, errors=[FieldError(f"#/{name}", "invalid", detail)]) from None
