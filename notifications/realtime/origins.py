"""Which pages may open a socket."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http.request import split_domain_port, validate_host

from config.kernel.conf import setting


def own_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Browsers name the page's origin; it must be ours. Programs without one are let through: they need a ticket."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return True
    if origin in {setting("PUBLIC_URL").rstrip("/"), *(o.rstrip("/") for o in setting("CSRF_TRUSTED_ORIGINS"))}:
        return True
    host = headers.get(b"host", b"").decode("latin-1").lower()
    # Equal is not enough: a name that somebody points at our address makes both headers theirs.
    same = urlsplit(origin).netloc.lower() == host
    return same and validate_host(split_domain_port(host)[0], setting("ALLOWED_HOSTS"))
