"""In what form an answer comes: each end point has its own, and a file can be had as plain bytes too."""

from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

BYTES = "application/octet-stream"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def is_text(media_type: str) -> bool:
    """Whether programs read it as text or as JSON, and not as the bytes of a file."""
    return media_type.startswith("text/") or media_type.endswith(("json", "xml"))


def as_asked(request: HttpRequest, response: Answer) -> Answer:
    """A file under the name of bytes, for whoever asks for bytes and not for its own name; the rest as it is.

    Programs that know no PDF and no ZIP know bytes. What nobody offers is not refused with 406: an answer has one
    form, and whoever asks for another one in vain sees by ``Content-Type`` which it is (RFC 9110, 12.5.1).
    """
    accept = request.META.get("HTTP_ACCEPT", "")
    if BYTES not in accept or response.status_code not in (200, 206):
        return response
    asked = {part.partition(";")[0].strip() for part in accept.split(",")}
    own = response.headers.get("Content-Type", "").partition(";")[0]
    if BYTES in asked and own not in asked and own and not is_text(own):
        response.headers["Content-Type"] = BYTES
    return response
