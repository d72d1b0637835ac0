"""The stack viewer's data: which series there are, and each frame as it was measured."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from cases.services import documents
from config.kernel.api import json_response
from professionals.dashboard.pages import caller, data


@require_GET
@data
def stacks(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Series, their slices in order, and what is held back."""
    return json_response(asdict(documents.image_stacks(principal=caller(), case_id=case_id)))


@require_GET
@data
def frame(request: HttpRequest, document_id: UUID, number: int) -> HttpResponse:
    """One frame's values, 8 or 16 bits, little endian; packed by zlib, which browsers call deflate."""
    found = documents.frame_values(principal=caller(), document_id=document_id, number=number)
    response = HttpResponse(found.packed, content_type="application/octet-stream")
    response["Content-Encoding"] = "deflate"
    response["Cache-Control"] = "private, no-store"
    return response
