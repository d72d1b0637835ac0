"""Where a clinician or a facility sends the records that were asked for. The page knows nothing of the case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.kernel.api.policies import public


@require_GET
def send_records(request: HttpRequest) -> HttpResponse:
    """The secret stands behind the ``#`` of the link; the script sends it with each file, in a header."""
    response = render(request, "cases/send_records.html")
    response["Cache-Control"] = "no-store"
    return response


send_records.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
