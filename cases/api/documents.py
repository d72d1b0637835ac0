"""Documents: upload, metadata, pages, original."""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases import services
from cases.api.serializers import ConfirmIn, DocumentOut, UploadIn
from config.kernel.api import ApiView, etag_for, json_response, roles, signed_in
from config.kernel.conf import setting
from config.kernel.errors import TooLarge

ENVELOPE = 64 * 1024


class Upload(ApiView):
    """Adding a document."""

    policy = roles("patient", "professional")
    parser_classes = (MultiPartParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is too large by its announced length, before a byte of it is read."""
        super().initial(request, *args, **kwargs)
        limit = setting("DOCUMENT_MAX_BYTES")
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit + ENVELOPE:
            raise TooLarge(f"A document has at most {limit // 2**20} MB. Split it, or scan it at 200 dpi.")

    @extend_schema(
        request={"multipart/form-data": UploadIn}, responses={201: DocumentOut}, summary="Upload a document"
    )
    def post(self, request: Request) -> Response:
        """The document is quarantined, then read in the background; follow it by GET."""
        data = self.body(UploadIn)
        with _on_disk(data["file"]) as source:
            document = services.upload_document(
                principal=self.principal,
                case_id=data["case_id"],
                name=data["file"].name or "document",
                declared_type=data["file"].content_type or "",
                source=source,
            )
        location = f"/api/v1/documents/{document.id}"
        return Response(asdict(document), status=201, headers={"Location": location, "ETag": etag_for(1)})


class OneDocument(ApiView):
    """A document's metadata."""

    policy = signed_in()

    @extend_schema(responses={200: DocumentOut}, summary="Read a document's state and metadata")
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """Poll it while the state is QUARANTINED."""
        document = services.get_document(principal=self.principal, document_id=document_id)
        return json_response(asdict(document), headers={"ETag": etag_for(document.version)})


class CaseDocuments(ApiView):
    """The documents of a case."""

    policy = signed_in()

    @extend_schema(responses={200: DocumentOut(many=True)}, summary="List the documents of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Oldest first."""
        found = services.list_documents(principal=self.principal, case_id=case_id)
        return json_response([asdict(d) for d in found])


class PageImage(ApiView):
    """A page as a picture."""

    policy = signed_in()

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY}, summary="See a page of a document")
    def get(self, request: Request, document_id: UUID, number: int, size: str) -> HttpResponse:
        """Drawn by us: nothing active of the original is in it."""
        image = services.page_image(
            principal=self.principal, document_id=document_id, number=number, thumbnail=size == "thumbnail"
        )
        response = HttpResponse(image, content_type="image/webp")
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response


class PageText(ApiView):
    """A page's text."""

    policy = signed_in()

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, summary="Read the text of a page with its places")
    def get(self, request: Request, document_id: UUID, number: int) -> HttpResponse:
        """Each line with its box as fractions of the page, origin top left."""
        page = services.page_text(principal=self.principal, document_id=document_id, number=number)
        return json_response(asdict(page))


class Original(ApiView):
    """The uploaded file."""

    policy = signed_in()

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, summary="Download the original"
    )
    def get(self, request: Request, document_id: UUID) -> FileResponse:
        """As an attachment, to the patient who owns it."""
        document, chunks = services.original_file(principal=self.principal, document_id=document_id)
        response = FileResponse(chunks, as_attachment=True, filename=document.name)  # type: ignore[arg-type]  # takes an iterator
        response["Content-Type"] = "application/octet-stream"
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response


class Confirm(ApiView):
    """Whose document it is."""

    policy = roles("coordinator")

    @extend_schema(request=ConfirmIn, responses={200: DocumentOut}, summary="Confirm whose document this is")
    def post(self, request: Request, document_id: UUID) -> Response:
        """For documents where no name was found, or another one."""
        services.confirm_document(principal=self.principal, document_id=document_id, **self.body(ConfirmIn))
        return Response(asdict(services.get_document(principal=self.principal, document_id=document_id)))


class _on_disk:  # noqa: N801  a context manager that reads as a phrase
    """The uploaded file as a path: where Django put it, or (for small ones) in a temporary file."""

    def __init__(self, file: UploadedFile) -> None:
        self.file, self.folder = file, tempfile.TemporaryDirectory(prefix="sop-upload-")

    def __enter__(self) -> Path:
        if isinstance(self.file, TemporaryUploadedFile):
            return Path(self.file.temporary_file_path())
        path = Path(self.folder.name) / "upload"
        with path.open("wb") as target:
            chunks: Iterator[bytes] = self.file.chunks()
            for chunk in chunks:
                target.write(chunk)
        return path

    def __exit__(self, *error: object) -> None:
        self.folder.cleanup()
