"""ETag and If-Match over a row's version."""

import re

from django.http import HttpRequest

from config.kernel.errors import Invalid, PreconditionRequired

# A front that compresses an answer marks its ETag with how (RFC 9110, 8.8.3.3); the version is the same.
_ETAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:-(?:gzip|zstd|br))?"$')


def etag_for(version: int) -> str:
    """The ETag of a row's version."""
    return f'"{version}"'


def require_version(request: HttpRequest) -> None:
    """428 for a change that does not say what it changes."""
    if request.META.get("HTTP_IF_MATCH") is None:
        raise PreconditionRequired("Send If-Match with the ETag you last read.")


def expected_version(request: HttpRequest) -> int | None:
    """The version named in If-Match; ``None`` without the header (where it is required, see above), and for any."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header == "*":
        return None
    match = _ETAG.match(header.strip())
    if not match:
        raise Invalid('If-Match must be the ETag you last read, for example "3".', code="etag_invalid")
    return int(match.group(1))
