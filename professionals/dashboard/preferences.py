"""How a specialist is told of news, and what they were sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.kernel.errors import DomainError
from notifications import services as notifications
from professionals.dashboard.pages import caller, page, show_page, status_of

HOME = "/dashboard/notifications"


@require_http_methods(["GET", "HEAD", "POST"])
@page
def preferences(request: HttpRequest) -> HttpResponse:
    """The page, and its form."""
    refusal = None
    if request.method == "POST":
        try:
            notifications.set_preferences_by_form(principal=caller(), form=request.POST.dict())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Saved."))
            return redirect(HOME)
    locale, before = get_language() or "en", request.GET.get("before", "")
    sent = notifications.sent_page(principal=caller(), locale=locale, before=before)
    context = {
        "held": notifications.get_preferences(user_id=caller().require_user_id()),
        "sent": sent.notices,
        "older": sent.older,
        "refusal": refusal,
    }
    return show_page(request, "dashboard/preferences.html", context, status=status_of(refusal) if refusal else 200)
