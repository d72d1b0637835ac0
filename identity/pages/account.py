"""Where one is signed in, with what, and a fresh proof for changing it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from identity import services
from identity.pages.frame import HOME, caller, page, show_page


def _own_page(address: str) -> str:
    """Where somebody came from to prove that it is them; empty for anything that is no page of ours."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours else ""


@require_GET
@page
def overview(request: HttpRequest) -> HttpResponse:
    """Sessions, passkeys, recovery codes."""
    who = caller().require_user_id()
    context = {
        "sessions": services.list_sessions(principal=caller()),
        "passkeys": services.list_passkeys(user_id=who),
        "factors": services.second_factors(user_id=who),
        "fresh": caller().stepped_up(),
        "back": _own_page(request.GET.get("next", "")),
    }
    return show_page(request, "account/overview.html", context)


@sensitive_post_parameters()
@require_POST
@page
def prove(request: HttpRequest) -> HttpResponse:
    """A fresh second factor by code: for five minutes sign-in data may be changed."""
    services.step_up_browser(request=request, code=request.POST.get("code", ""))
    return redirect(_own_page(request.POST.get("next", "")) or f"{HOME}#passkeys")


@require_POST
@page
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one session."""
    services.end_session(user_id=caller().require_user_id(), session_id=session_id)
    return redirect(f"{HOME}#sessions")


@require_POST
@page
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    who = caller().require_user_id()
    for session in services.list_sessions(principal=caller()):
        if not session.current:
            services.end_session(user_id=who, session_id=session.id)
    return redirect(f"{HOME}#sessions")
