"""The front page: a door for everybody who comes by, and what patients do today."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from config.kernel.api.policies import public
from identity.pages.frame import show_page


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """It shows nothing of anybody, signed in or not."""
    return show_page(request, "account/front.html", {})


front.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
