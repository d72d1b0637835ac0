"""A specialist's own practice: what patients read, how many cases, licences, and which news come by mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.kernel.errors import DomainError, FieldError, Invalid
from notifications import services as notifications
from professionals import services
from professionals.dashboard.pages import caller, page, show_page, status_of

HOME = "/dashboard/practice"
MAX_CASES = 50


@require_GET
@page
def practice(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _show(request)


@require_POST
@page
def save_profile(request: HttpRequest) -> HttpResponse:
    """What stands in the public list."""
    languages = [one.strip().lower() for one in request.POST.get("languages", "").split(",") if one.strip()]
    try:
        if not languages or any(len(one) != 2 or not one.isalpha() for one in languages):
            raise _wrong("languages", _("Name languages by two letters, such as de, en."))
        mine = services.get_by_user(user_id=caller().require_user_id())
        changes = {"biography": request.POST.get("biography", "")[:2000], "languages": languages}
        version = request.POST.get("version", "")
        services.update_profile(
            principal=caller(),
            professional_id=mine.id,
            changes=changes,
            expected_version=int(version) if version.isdecimal() else None,
        )
    except DomainError as error:
        return _show(request, error)
    return _done(request)


@require_POST
@page
def save_availability(request: HttpRequest) -> HttpResponse:
    """Whether new cases are offered, and how many at once."""
    text = request.POST.get("capacity", "")
    try:
        if not text.isdecimal() or not 1 <= int(text) <= MAX_CASES:
            raise _wrong("capacity", _("Give a number of cases from 1 to 50."))
        changes = {"capacity": int(text), "accepting": request.POST.get("accepting") == "on"}
        services.set_availability(principal=caller(), changes=changes)
    except DomainError as error:
        return _show(request, error)
    return _done(request)


@require_POST
@page
def save_news(request: HttpRequest) -> HttpResponse:
    """Whether news come by mail too; those of security always do."""
    notifications.set_email_preference(user_id=caller().require_user_id(), email=request.POST.get("email") == "on")
    return _done(request)


def _show(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    who = caller().require_user_id()
    profile = services.get_by_user(user_id=who)
    context = {
        "profile": profile,
        "languages": request.POST.get("languages", ", ".join(profile.languages)),
        "biography": request.POST.get("biography", profile.biography),
        "capacity": request.POST.get("capacity", profile.capacity),
        "licences": services.list_licences(principal=caller(), professional_id=profile.id),
        "by_mail": notifications.email_preference(user_id=who),
        "most": MAX_CASES,
        "refusal": refusal,
    }
    return show_page(request, "dashboard/practice.html", context, status=status_of(refusal) if refusal else 200)


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(HOME)


def _wrong(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])
