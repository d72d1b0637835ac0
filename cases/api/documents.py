"""Documents: upload, look at, settle whose they are."""

from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.hot import json_bytes
from cases.api.serializers_documents import (
    ConfirmIn,
    ContentOut,
    DocumentOut,
    PageOut,
    UploadIn,
    WaiveIn,
)
from cases.domain.reading import page_to_json
from cases.services import confirming, document_content, documents, uploading
from config.kernel.api import ApiView, HotView, etag_for, json_response, signed_in
from config.kernel.errors import FieldError, Invalid
from cases.api.uploads import uploaded_file

# What a stored file may do in a browser: nothing.
_INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


class Upload(HotView):
    """A file for a case."""

    policy = signed_in()

    @extend_schema(
        request={"multipart/form-data": UploadIn}, responses={201: DocumentOut}, summary="Upload a document"
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        """Answers at once with the document in quarantine; reading it goes on in the background."""
        file, form = uploaded_file(request)
        document = uploading.upload_document(
            principal=self.principal,
            case_id=_case_id(form.get("case_id", "")),
            name=file.name or "",
            declared_type=file.content_type or "",
            source=Path(file.temporary_file_path()),
        )
        headers = {"Location": f"/api/v1/documents/{document.id}", "ETag": etag_for(document.version)}
        return json_response(json_bytes(asdict(document)), status=201, headers=headers)


class OneDocument(ApiView):
    """One document."""

    policy = signed_in()

    @extend_schema(responses={200: DocumentOut}, summary="Read a document's state and metadata")
    def get(self, request: Request, document_id: UUID) -> Response:
        """Its place in the pipeline, what was found, and what to do when it was refused."""
        document = documents.get_document(principal=self.principal, document_id=document_id)
        return Response(asdict(document), headers={"ETag": etag_for(document.version)})

    @extend_schema(responses={204: None}, summary="Withdraw a document")
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Only while the case is a draft: what was submitted stays."""
        document_content.withdraw_document(principal=self.principal, document_id=document_id)
        return Response(status=204)


class CaseDocuments(ApiView):
    """The documents of a case."""

    policy = signed_in()

    @extend_schema(responses={200: DocumentOut(many=True)}, summary="List a case's documents")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Oldest first."""
        found = documents.list_documents(principal=self.principal, case_id=case_id)
        return Response([asdict(document) for document in found])


class DocumentContent(ApiView):
    """What was read in a document."""

    policy = signed_in()

    @extend_schema(responses={200: ContentOut}, summary="Read a document's sanitised content")
    def get(self, request: Request, document_id: UUID) -> Response:
        """Text by page with the place of each line, and addresses of pictures that we drew ourselves."""
        document, pages = document_content.sanitised(principal=self.principal, document_id=document_id)
        base = f"/api/v1/documents/{document_id}/pages"
        body = {
            "document": asdict(document),
            "pages": [
                page_to_json(page)
                | {"image": f"{base}/{page.number}.webp", "thumbnail": f"{base}/{page.number}.thumb.webp"}
                for page in pages
            ],
        }
        return Response(body, headers=_INERT)


class PageImage(HotView):
    """A page's picture."""

    policy = signed_in()
    thumbnail = False

    @extend_schema(responses={(200, "image/webp"): bytes}, summary="Look at a page")
    def get(self, request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
        """WebP, drawn by us: nothing of the original's own code is in it."""
        picture = documents.page_image(
            principal=self.principal, document_id=document_id, number=number, thumbnail=self.thumbnail
        )
        return HttpResponse(picture, content_type="image/webp", headers=_INERT)


class PageThumbnail(PageImage):
    """A page's thumbnail."""

    thumbnail = True


class PageWords(ApiView):
    """A page's text."""

    policy = signed_in()

    @extend_schema(responses={200: PageOut}, summary="Read a page's text")
    def get(self, request: Request, document_id: UUID, number: int) -> Response:
        """Lines with their boxes, in fractions of the page."""
        page = documents.page_text(principal=self.principal, document_id=document_id, number=number)
        return Response(page_to_json(page), headers=_INERT)


class Original(HotView):
    """The uploaded bytes."""

    policy = signed_in()

    @extend_schema(responses={(200, "application/octet-stream"): bytes}, summary="Download the original")
    def get(self, request: HttpRequest, document_id: UUID) -> StreamingHttpResponse:
        """For the patient, as an attachment."""
        document, chunks = documents.original_file(principal=self.principal, document_id=document_id)
        response = StreamingHttpResponse(chunks, content_type="application/octet-stream", headers=_INERT)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name)}"
        response["Content-Length"] = str(document.size)
        return response


class Confirm(ApiView):
    """Whose document it is."""

    policy = signed_in()

    @extend_schema(request=ConfirmIn, responses={200: DocumentOut}, summary="Settle whose document this is")
    def post(self, request: Request, document_id: UUID) -> Response:
        """For a coordinator, where the machine could not say or said no."""
        confirming.confirm_document(principal=self.principal, document_id=document_id, **self.body(ConfirmIn))
        return Response(asdict(documents.get_document(principal=self.principal, document_id=document_id)))


class Waive(ApiView):
    """A record that will not come."""

    policy = signed_in()

    @extend_schema(request=WaiveIn, responses={204: None}, summary="Go on without a missing record")
    def post(self, request: Request, case_id: UUID, code: str) -> Response:
        """For a coordinator, with the reason."""
        confirming.waive_item(principal=self.principal, case_id=case_id, code=code, **self.body(WaiveIn))
        return Response(status=204)


def _case_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        detail = "Send the case's id in the field named case_id."
        raise Invalid(detail, errors=[FieldError("#/case_id", "invalid", detail)]) from None
