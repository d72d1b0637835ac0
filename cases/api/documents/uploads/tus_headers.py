"""The tus 1.0 protocol's headers, in and out (https://tus.io/protocols/resumable-upload)."""

import base64
import binascii
from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import http_date

from cases.services.documents.uploads.resumable_uploads import DIGESTS, PART_BYTES, UploadStanding
from config.kernel.api.representations import BYTES
from config.kernel.conf import setting
from config.kernel.errors import FieldError, Invalid, NotFound, PreconditionFailed, UnsupportedMedia

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
# The protocol's own name, and the one that every program knows.
_BODIES = ("application/offset+octet-stream", BYTES)


def require_version(request: HttpRequest) -> None:
    """412 for a client of another version of the protocol."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise PreconditionFailed(f"Send Tus-Resumable: {VERSION}.", code="tus_version")


def number(request: HttpRequest, name: str) -> int:
    """A header that is a whole number from 0."""
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Invalid(f"Send the header {name} with a whole number.", code="header_invalid")
    return int(text)


def metadata(request: HttpRequest) -> dict[str, str]:
    """Upload-Metadata: pairs of a name and base64, separated by commas."""
    found = {}
    for pair in filter(None, (part.strip() for part in request.headers.get("Upload-Metadata", "").split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Invalid("Upload-Metadata holds a value that is not base64 of UTF-8.", code="header_invalid") from None
    return found


def case_id_of(told: dict[str, str]) -> UUID:
    """The case that the metadata names; ``NotFound`` for what is no id of any."""
    try:
        return UUID(told["case_id"])
    except ValueError:
        raise NotFound("There is no such case for you.") from None
    except KeyError:
        detail = "Name the case in Upload-Metadata as case_id."
        raise Invalid(detail, errors=[FieldError("#/case_id", "invalid", detail)]) from None


def checksum(request: HttpRequest) -> tuple[str, bytes] | None:
    """Upload-Checksum: an algorithm and a base64 digest; ``Invalid`` for an algorithm that is not offered."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    name, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if name not in DIGESTS or not digest:
        raise Invalid(f"Give a checksum by one of {', '.join(DIGESTS)}, in base64.", code="checksum_unknown")
    return name, digest


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes, in parts of at most a mebibyte; a lost connection ends it with what came."""
    if request.content_type not in _BODIES:
        raise UnsupportedMedia(f"Send the bytes as {_BODIES[0]}.")
    try:
        while piece := request.read(PART_BYTES):
            yield piece
    except UnreadablePostError:
        return


def answered(status: int, standing: UploadStanding | None = None) -> HttpResponse:
    """An answer with the headers of the protocol."""
    response = HttpResponse(status=status)
    response["Tus-Resumable"], response["Cache-Control"] = VERSION, "no-store"
    if standing is not None:
        response["Upload-Offset"], response["Upload-Length"] = str(standing.received), str(standing.length)
        response["Upload-Expires"] = http_date(standing.expires_at.timestamp())
        if standing.document_id is not None:
            response["Document-Location"] = f"/api/v1/documents/{standing.document_id}"
        if standing.archive_id is not None:
            response["Archive-Location"] = f"/api/v1/archives/{standing.archive_id}"
    return response


def capabilities() -> HttpResponse:
    """What is offered."""
    response = answered(204)
    response["Tus-Version"], response["Tus-Extension"] = VERSION, EXTENSIONS
    response["Tus-Checksum-Algorithm"] = ",".join(DIGESTS)
    response["Tus-Max-Size"] = str(setting("RESUMABLE_MAX_BYTES"))
    return response
