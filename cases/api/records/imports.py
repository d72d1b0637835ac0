"""Records that come as data: FHIR bundles, C-CDA documents."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from cases.api.documents.serializers_archives import ImportOut
from cases.services import documents, records
from config.kernel.api import ApiView, json_response, signed_in
from config.kernel.api.representations import BYTES
from config.kernel.api.uploads import body_in_file
from config.kernel.auth import Principal
from config.kernel.errors import UnsupportedMedia

FHIR = ("application/fhir+json", "application/json")
CCDA = ("application/hl7-cda+xml", "application/xml", "text/xml", BYTES)


_BUNDLE = {
    "type": "object",
    "properties": {"resourceType": {"type": "string", "enum": ["Bundle"]}},
    "required": ["resourceType"],
    "additionalProperties": {},
}


class Import(ApiView):
    """A record as data."""

    policy = signed_in()
    # Larger than what the framework reads into memory for a form; bounded here.
    parser_classes = ()

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """For a case to which the caller may add."""
        documents.may_upload(principal=principal, case_id=kwargs["case_id"])


class FhirImport(Import):
    """FHIR."""

    @extend_schema(
        request={"application/fhir+json": _BUNDLE},
        responses={202: ImportOut},
        summary="Import a FHIR R4 bundle as records",
    )
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """One patient's bundle becomes a page of text and the files that it carries, checked like every upload."""
        _require_type(request._request, FHIR)
        with body_in_file(request._request) as source:
            return _taken(records.import_fhir(principal=self.principal, case_id=case_id, source=source))


class CcdaImport(Import):
    """C-CDA."""

    @extend_schema(
        request={BYTES: OpenApiTypes.BINARY},
        responses={202: ImportOut},
        summary="Import a C-CDA document as a record",
    )
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """Coded entries with their words, codes, values and dates; a section that is not understood, as it reads.

        The XML file, as application/hl7-cda+xml, application/xml or text/xml, or as plain bytes.
        """
        _require_type(request._request, CCDA)
        with body_in_file(request._request) as source:
            return _taken(records.import_ccda(principal=self.principal, case_id=case_id, source=source))


def _require_type(request: HttpRequest, media_types: tuple[str, ...]) -> None:
    if request.content_type not in media_types:
        raise UnsupportedMedia(f"Send it as {media_types[0]}.")


def _taken(found: Any) -> HttpResponse:
    return json_response(found, status=202, headers={"Location": f"/api/v1/archives/{found.archive.id}"})
