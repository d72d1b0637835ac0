"""What all DICOMweb views share: media types, warnings, multipart answers."""

from collections.abc import Iterable, Iterator, Sequence
from secrets import token_hex
from typing import Any, TypeVar

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from cases.api.documents.documents import INERT
from cases.services.documents import ImagingDTO
from config.kernel.api import ApiView, signed_in
from config.kernel.conf import setting

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)
JSON = "application/dicom+json"
DICOM = "application/dicom"
VALUES = "application/octet-stream"


class DicomView(ApiView):
    """A view of DICOMweb; it chooses among its own media types."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    def base(self, case_id: Any) -> str:
        """The address of a case's DICOMweb service."""
        return f"{setting('PUBLIC_URL').rstrip('/')}/api/v1/cases/{case_id}/dicomweb"


def chosen(request: Request, offered: Sequence[str]) -> str:
    """The first media type of the Accept header that is offered; ``NotAcceptable`` names what there is.

    Any of them can be had as plain bytes (``config.kernel.api.representations``).
    """
    asked = request.headers.get("Accept", "*/*")
    for part in asked.split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        if media_type == "multipart/related":
            told = dict(piece.partition("=")[::2] for piece in parameters)
            media_type = told.get("type", "*/*").strip('"')
        if media_type in offered:
            return media_type
        if media_type in ("*/*", VALUES) or (media_type.endswith("/*") and offered[0].startswith(media_type[:-1])):
            return offered[0]
    raise NotAcceptable(f"Ask for one of {', '.join(offered)} in the Accept header.")


def dicom_json(items: list[dict[str, Any]], left_out: str, *, request: Request) -> HttpResponse:
    """A list of DICOM JSON objects; ``left_out`` becomes a Warning header."""
    media_type = chosen(request, (JSON, "application/json"))
    return _warned(HttpResponse(orjson.dumps(items), content_type=media_type, headers=INERT), left_out)


def multipart(parts: Iterable[bytes], media_type: str, left_out: str = "") -> StreamingHttpResponse:
    """multipart/related (RFC 2387); 206 when something was left out."""
    boundary = token_hex(16)
    response = StreamingHttpResponse(
        _bodies(parts, media_type, boundary),
        status=206 if left_out else 200,
        content_type=f'multipart/related; type="{media_type}"; boundary={boundary}',
        headers=INERT,
    )
    return _warned(response, left_out)


def left_out(found: ImagingDTO, *, files: bool = False) -> str:
    """What of a search or retrieval is missing and why, in a sentence; empty when nothing is."""
    told = []
    if found.held_back:
        told.append(f"{found.held_back} wait for a coordinator who confirms whose they are")
    if found.locked:
        told.append(f"{found.locked} hold another doctor's reading and open after the first read")
    if files and (hollow := sum(one.frames == 0 for one in found.instances)):
        told.append(f"{hollow} hold no image that can be decoded here")
    return "; ".join(told)


def _bodies(parts: Iterable[bytes], media_type: str, boundary: str) -> Iterator[bytes]:
    for part in parts:
        head = f"--{boundary}\r\nContent-Type: {media_type}\r\nContent-Length: {len(part)}\r\n\r\n"
        yield head.encode() + part + b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _warned(response: Answer, left_out: str) -> Answer:
    if left_out:
        response["Warning"] = f'299 second-opinion "Left out: {left_out}."'
    return response
