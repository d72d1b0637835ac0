"""How somebody is told, and what they were sent: for everybody who has a page session."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.kernel.api.policies import signed_in
from config.kernel.api.problems import STATUS
from config.kernel.auth import STAFF_ROLES, current_principal
from config.kernel.errors import DomainError, NotFound
from notifications import services
from notifications.domain.kinds import INBOX

HOME = "/account/notifications"
POLICY = signed_in()
View = Callable[..., HttpResponse]


def _page(view: View) -> View:
    """Whoever is not signed in is led to the doors of the site, where patients, specialists and staff find theirs."""

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not current_principal().is_authenticated:
            return redirect(INBOX)
        return view(request, *args, **kwargs)

    show.policy = POLICY  # type: ignore[attr-defined]  # read by the architecture test
    return show


@require_http_methods(["GET", "HEAD", "POST"])
@_page
def preferences(request: HttpRequest) -> HttpResponse:
    """The page, and its form."""
    refusal = None
    if request.method == "POST":
        try:
            services.set_preferences_by_form(principal=current_principal(), form=request.POST.dict())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Saved."))
            return redirect(HOME)
    return _show(request, refusal)


@require_POST
@_page
def remove_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """One of the caller's own; back to the page that it stood on."""
    principal = current_principal()
    with suppress(NotFound):  # removed from elsewhere already
        services.remove_device(principal=principal, device_id=device_id)
    messages.success(request, _("Removed."))
    return redirect(f"{'/dashboard/notifications' if principal.has('professional') else HOME}#devices")


def _show(request: HttpRequest, refusal: DomainError | None) -> HttpResponse:
    principal = current_principal()
    page = services.sent_page(principal=principal, locale=get_language() or "en", before=request.GET.get("before", ""))
    context = {
        "held": services.get_preferences(user_id=principal.require_user_id()),
        "offers": principal.has("professional"),
        "sent": page.notices,
        "older": page.older,
        "refusal": refusal,
        "inside": principal.has("professional", *STAFF_ROLES),
        "home": "/dashboard/" if principal.has("professional") else "/admin/",
    }
    status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS) if refusal else 200
    response = render(request, "notifications/account.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
