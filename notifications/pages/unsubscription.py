"""The page of the link in a mail that ends mails of its kind, which it names. It looks the same whosever it is.

A button has to be pressed, so that a scanner that follows links ends nothing; a mail program that sends the one-click
form of RFC 8058 has pressed it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.kernel.api.policies import public
from notifications import services

# The field of the form that mail programs send (RFC 8058): it ends mails, whatever else is in it.
ONE_CLICK = "List-Unsubscribe"
SETTINGS = "/account/notifications"


# The token is the proof: no cookie says who asks, and mail programs have none.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscription(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST ends the mails, and the page's own button for a mistake takes it back."""
    step = "ask"
    if request.method == "POST":
        step = "back" if request.POST.get("undo") == "1" and ONE_CLICK not in request.POST else "done"
        (services.take_back if step == "back" else services.unsubscribe)(token=token)
    context = {"step": step, "category": services.category_of_link(token=token), "settings": SETTINGS}
    response = render(request, "notifications/unsubscribe.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


unsubscription.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
