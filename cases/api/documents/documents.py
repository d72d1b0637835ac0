"""Documents: upload, metadata, content, pages, original."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.casefile.serializers import ConfirmIn, ContentOut, DocumentOut, PageOut, UploadIn
from cases.api.documents.serializers_archives import LinkOut
from cases.domain.documents.document_text import shown_page_to_json
from cases.services import documents
from cases.services.documents import DocumentDTO
from config.kernel.api import ApiView, HotView, etag_for, json_response, public, signed_in
from config.kernel.api.uploads import field_in, require_fitting_form, uploaded_file
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.errors import FieldError, Invalid

# What a patient's file may do in a browser: nothing.
INERT = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
# The secret beside a link; its path is the link, so that each has its own and no other address gets it.
LINK_COOKIE = "sop_link"


class Upload(ApiView):
    """Adding a document."""

    policy = signed_in()
    # The form is read by ``uploaded_file``, which counts while it comes.
    parser_classes = ()

    def admit(self, request: HttpRequest, principal: Principal, beginning: bytes, **kwargs: Any) -> None:
        """A form that fits, for a case to which the caller may add."""
        admit_form(request, principal, beginning)

    @extend_schema(request={"multipart/form-data": UploadIn}, responses={201: DocumentOut}, summary="Upload a document")
    def post(self, request: Request) -> HttpResponse:
        """The document is quarantined, then read in the background; follow it by GET."""
        file, form = uploaded_file(request._request, UploadIn)
        document = documents.upload_document(
            principal=self.principal,
            case_id=case_id_of(form.get("case_id", "")),
            name=file.name or "",
            declared_type=file.content_type or "",
            source=Path(file.temporary_file_path()),
        )
        headers = {"Location": f"/api/v1/documents/{document.id}", "ETag": etag_for(document.version)}
        return json_response(document, status=201, headers=headers)


class DocumentDetail(ApiView):
    """A document's metadata."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: DocumentOut}, summary="Read a document's state and metadata")
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """Poll it while the state is QUARANTINED."""
        document = documents.get_document(principal=self.principal, document_id=document_id)
        return json_response(document, headers={"ETag": etag_for(document.version)})

    @extend_schema(responses={204: None}, summary="Withdraw a document")
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Only while the case is a draft: what was submitted stays."""
        documents.withdraw_document(principal=self.principal, document_id=document_id)
        return Response(status=204)


class Content(ApiView):
    """What was read in a document."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: ContentOut}, summary="Read a document's sanitised content")
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """Text by page with the place of each line, and addresses of pictures that we drew ourselves."""
        document, pages = documents.document_content(principal=self.principal, document_id=document_id)
        base = f"/api/v1/documents/{document_id}/pages"
        shown = [
            shown_page_to_json(page)
            | {"image": f"{base}/{page.number}.webp", "thumbnail": f"{base}/{page.number}.thumb.webp"}
            for page in pages
        ]
        return json_response({"document": asdict(document), "pages": shown}, headers=INERT)


class CaseDocuments(ApiView):
    """The documents of a case."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: DocumentOut(many=True)}, summary="List the documents of a case")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Oldest first."""
        found = documents.list_documents(principal=self.principal, case_id=case_id)
        return json_response(found)


class PageImage(HotView):
    """A page as a picture."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}
    thumbnail = False

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY}, summary="See a page of a document")
    def get(self, request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
        """Drawn by us: nothing active of the original is in it."""
        image = documents.page_image(
            principal=self.principal, document_id=document_id, number=number, thumbnail=self.thumbnail
        )
        return HttpResponse(image, content_type="image/webp", headers=INERT)


class PageThumbnail(PageImage):
    """A page as a small picture."""

    thumbnail = True


class PageText(ApiView):
    """A page's text."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: PageOut}, summary="Read the text of a page with its places")
    def get(self, request: Request, document_id: UUID, number: int) -> HttpResponse:
        """Each line with its box as fractions of the page, origin top left."""
        page = documents.page_text(principal=self.principal, document_id=document_id, number=number)
        return json_response(shown_page_to_json(page), headers=INERT)


class Original(ApiView):
    """The uploaded file."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, summary="Download the original")
    def get(self, request: Request, document_id: UUID) -> StreamingHttpResponse:
        """As an attachment, to the patient who owns it."""
        document, content = documents.original_file(principal=self.principal, document_id=document_id)
        return attachment(request._request, document, content)


class Link(ApiView):
    """A link to the uploaded file."""

    policy = signed_in()

    @extend_schema(request=None, responses={201: LinkOut}, summary="Make a link to the original for one minute")
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """For browsers, which follow a link without a token: it opens once, while signed in, for who asked for it.

        The cookie that comes with it (for this link alone) is how a browser shows that; programs send their token.
        """
        made = documents.document_link(principal=self.principal, document_id=document_id)
        path = f"/api/v1/document-links/{made.token}"
        told = {"path": path, "expires_at": made.expires_at}
        response = json_response(told, status=201, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            LINK_COOKIE,
            made.client,
            max_age=60,
            path=path,
            secure=setting("SESSION_COOKIE_SECURE"),
            httponly=True,
            samesite="Strict",
        )
        return response


class Linked(ApiView):
    """The uploaded file, by a link."""

    policy = public()
    # No HEAD: GET spends the link, and whoever only looks (a mail scanner, a download manager) must spend nothing.
    http_method_names = ("get", "options")

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, summary="Download by a link")
    def get(self, request: Request, token: str) -> StreamingHttpResponse:
        """With the token of the account that asked for it, or the cookie that came with it; 404 for all others.

        It opens once; after that, for what is left of its minute, ranges of it.
        """
        asked = request.headers.get("Range", "")
        document, content = documents.linked_file(
            principal=self.principal,
            token=token,
            client=request.COOKIES.get(LINK_COOKIE, ""),
            whole=lambda size: _range(asked, size) == (0, size),
        )
        return attachment(request._request, document, content)


class Confirm(ApiView):
    """Whose document it is."""

    policy = signed_in()

    @extend_schema(request=ConfirmIn, responses={200: DocumentOut}, summary="Confirm whose document this is")
    def post(self, request: Request, document_id: UUID) -> Response:
        """For documents where no name was found, or another one."""
        documents.confirm_document(principal=self.principal, document_id=document_id, **self.body(ConfirmIn))
        return Response(documents.get_document(principal=self.principal, document_id=document_id))


def attachment(
    request: HttpRequest, document: DocumentDTO, content: Callable[[int], Iterator[bytes]]
) -> StreamingHttpResponse:
    """A file, or of it the one range of bytes that is asked for; other ranges are answered with the whole file."""
    start, stop = _range(request.headers.get("Range", ""), document.size)
    part = (start, stop) != (0, document.size)
    body = _at_most(content(start), stop - start) if part else content(0)
    response = StreamingHttpResponse(
        body, status=206 if part else 200, content_type="application/octet-stream", headers=INERT
    )
    # The name is written as RFC 6266 says, so that no sign of it can end the header.
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    response["Content-Length"], response["Accept-Ranges"] = str(stop - start), "bytes"
    if part:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{document.size}"
    return response


def _range(asked: str, size: int) -> tuple[int, int]:
    found = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", asked)
    if not found or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    start, stop = (int(first), min(size, int(last or size) + 1)) if first else (max(0, size - int(last)), size)
    return (start, stop) if start < stop else (0, size)


def _at_most(chunks: Iterator[bytes], length: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:length]
        length -= len(chunk)
        if length <= 0:
            return


def admit_form(request: HttpRequest, principal: Principal, beginning: bytes) -> None:
    """Before the body of an upload is taken. The case is asked for once the form has told it."""
    require_fitting_form(request)
    if (told := field_in(beginning, "case_id")) is not None:
        documents.may_upload(principal=principal, case_id=case_id_of(told))


def case_id_of(text: str) -> UUID:
    """The case that a form names. ``Invalid`` when it is no id."""
    try:
        return UUID(text)
    except ValueError:
        detail = "Send the case's id in the field named case_id."
        raise Invalid(detail, errors=[FieldError("#/case_id", "invalid", detail)]) from None
