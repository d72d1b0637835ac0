"""Resumable uploads by tus 1.0: begun, asked about, continued, ended."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from cases.api.documents.uploads import tus_headers as tus
from cases.services import documents
from cases.services.documents.uploads.resumable_uploads import DIGESTS, ChecksumMismatch
from config.kernel.api import ApiView, problem_response, signed_in
from config.kernel.api.declarations import MAX_NUMBER
from config.kernel.api.problems import CHECKSUM_MISMATCH, MEDIA_TYPE
from config.kernel.api.representations import BYTES
from config.kernel.api.schema import Problem
from config.kernel.auth import Principal
from config.kernel.conf import setting

# The protocol calls it application/offset+octet-stream, which is taken too, and which generators of clients lack.
_BYTES = {BYTES: OpenApiTypes.BINARY}


def _header(name: str, shape: dict[str, Any], *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, shape, OpenApiParameter.HEADER, required=required)


_BASE64 = "[A-Za-z0-9+/]{4}"
_VERSION = _header("Tus-Resumable", {"type": "string", "pattern": f"^{re.escape(tus.VERSION)}$"})
_LENGTH = _header("Upload-Length", {"type": "integer", "minimum": 0, "maximum": setting("RESUMABLE_MAX_BYTES")})
_OFFSET = _header("Upload-Offset", {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER})
# Pairs of a name and base64; one is the case.
_OTHER = rf"(filename|filetype) ({_BASE64}){{0,340}}([A-Za-z0-9+/]{{2}}==|[A-Za-z0-9+/]{{3}}=)?"
_METADATA = _header(
    "Upload-Metadata", {"type": "string", "pattern": f"^({_OTHER},){{0,2}}case_id ({_BASE64}){{12}}(,{_OTHER}){{0,2}}$"}
)
_CHECKSUM = _header(
    "Upload-Checksum",
    {
        "type": "string",
        "pattern": f"^({'|'.join(DIGESTS)}) ({_BASE64}){{5,21}}([A-Za-z0-9+/]{{3}}=|[A-Za-z0-9+/]{{2}}==)?$",
    },
    required=False,
)


class TusUploads(ApiView):
    """Where uploads begin."""

    policy = signed_in()
    parser_classes = ()

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:  # type: ignore[override]  # Django, not DRF, answers
        """What of the protocol is offered."""
        return tus.capabilities()

    @extend_schema(
        parameters=[_VERSION, _LENGTH, _METADATA],
        request=None,
        responses={201: None},
        summary="Begin a resumable upload (tus 1.0)",
    )
    def post(self, request: Request) -> HttpResponse:
        """Upload-Length says how many bytes come; Upload-Metadata names case_id, filename and filetype."""
        raw = request._request
        tus.require_version(raw)
        told = tus.metadata(raw)
        standing = documents.begin_upload(
            principal=self.principal,
            case_id=tus.case_id_of(told),
            name=told.get("filename", ""),
            declared_type=told.get("filetype", ""),
            length=tus.number(raw, "Upload-Length"),
        )
        response = tus.answered(201, standing)
        response["Location"] = f"/api/v1/documents/tus/{standing.id}"
        return response


class TusUpload(ApiView):
    """One upload."""

    policy = signed_in()
    parser_classes = ()
    keeps_parts = True

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """For the caller's own upload, at the place that it has reached."""
        tus.require_version(request)
        documents.may_receive(
            principal=principal, upload_id=kwargs["upload_id"], offset=tus.number(request, "Upload-Offset")
        )

    @extend_schema(parameters=[_VERSION], responses={200: None}, summary="Ask how far an upload is")
    def head(self, request: Request, upload_id: UUID) -> HttpResponse:
        """Upload-Offset says where to go on; Document-Location or Archive-Location, what it became."""
        tus.require_version(request._request)
        return tus.answered(200, documents.upload_standing(principal=self.principal, upload_id=upload_id))

    @extend_schema(
        parameters=[_VERSION, _OFFSET, _CHECKSUM],
        request=_BYTES,
        responses={
            204: None,
            (CHECKSUM_MISMATCH, MEDIA_TYPE): OpenApiResponse(Problem, "The bytes changed on the way"),
        },
        summary="Go on with an upload",
    )
    def patch(self, request: Request, upload_id: UUID) -> HttpResponse:
        """The bytes from Upload-Offset on. What came whole stays, also when the connection is lost.

        Under the protocol's name (application/offset+octet-stream) as well as under that of plain bytes.
        """
        raw: HttpRequest = request._request
        tus.require_version(raw)
        try:
            documents.receive(
                principal=self.principal,
                upload_id=upload_id,
                offset=tus.number(raw, "Upload-Offset"),
                source=tus.pieces(raw),
                checksum=tus.checksum(raw),
            )
        except ChecksumMismatch as mismatch:
            return problem_response(
                CHECKSUM_MISMATCH, mismatch.code, mismatch.detail, headers={"Tus-Resumable": tus.VERSION}
            )
        return tus.answered(204, documents.upload_standing(principal=self.principal, upload_id=upload_id))

    @extend_schema(parameters=[_VERSION], responses={204: None}, summary="End an upload")
    def delete(self, request: Request, upload_id: UUID) -> HttpResponse:
        """Its bytes are deleted; a document that it became stays."""
        tus.require_version(request._request)
        documents.end_upload(principal=self.principal, upload_id=upload_id)
        return tus.answered(204)
