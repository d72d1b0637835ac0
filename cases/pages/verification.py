"""Where anybody checks a report: by its QR code, or by a file that never leaves their device."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.kernel.api.policies import public


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """The manifest stands behind the ``#`` of the code's address; the script sends it, or the hash of a file."""
    response = render(request, "cases/verify.html")
    response["Cache-Control"] = "no-store"
    return response


verify.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
