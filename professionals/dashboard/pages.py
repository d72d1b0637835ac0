"""What every page shares: who may see it, and what a refusal looks like."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from config.kernel.api.policies import roles
from config.kernel.api.problems import STATUS
from config.kernel.api.scripts import for_scripts
from config.kernel.auth import Principal, current_principal
from config.kernel.errors import DomainError, Invalid
from notifications import services as notifications

View = Callable[..., HttpResponse]
POLICY = roles("professional")
data = for_scripts(POLICY)
SIGN_IN = "/dashboard/sign-in"


def page(view: View) -> View:
    """A page for signed-in specialists; a refusal is a page that says what to do."""

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_specialist():
            return _to_sign_in(request)
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            context = {"title": "Not possible", "detail": error.detail, "hint": error.extra.get("satisfied_by", "")}
            return show_page(request, "dashboard/refused.html", context, status=status_of(error))

    show.policy = POLICY  # type: ignore[attr-defined]  # read by the architecture test
    return show


def show_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the signed-in frame; pages are never cached."""
    principal = current_principal()
    frame = {"unread": notifications.unread_count(user_id=principal.require_user_id())}
    response = render(request, template, frame | context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def caller() -> Principal:
    """Who is asking."""
    return current_principal()


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of the page that it puts in its place."""
    return request.headers.get("HX-Request") == "true"


def ids(texts: list[str]) -> list[UUID]:
    """The documents that a form names."""
    try:
        return [UUID(one) for one in texts]
    except ValueError as error:
        raise Invalid("Choose documents of this case.", code="form_invalid") from error


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and back; the whole page goes there, not the part of it that was asked for."""
    if not is_part(request):
        return redirect(f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}")
    shown = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return HttpResponseClientRedirect(f"{SIGN_IN}?{urlencode({'next': shown or '/dashboard/'})}")


def _is_specialist() -> bool:
    principal = current_principal()
    return principal.is_authenticated and principal.has("professional")
