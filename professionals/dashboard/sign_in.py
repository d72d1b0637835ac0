"""Signing in and out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from config.kernel.api.policies import public
from config.kernel.errors import DomainError
from identity import services as identity

HOME = "/dashboard/"
# Pages of everybody, to which this door leads as well.
SHARED = ("/account/", "/account/news")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Address, password and code in one form: whatever is wrong, the answer is the same."""
    target = request.POST.get("next") or request.GET.get("next") or HOME
    ours = target.startswith(HOME) or target in SHARED
    if not ours or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = HOME
    context = {"next": target, "email": request.POST.get("email", ""), "error": ""}
    if request.method == "POST":
        try:
            identity.sign_in_browser(
                request=request,
                email=request.POST.get("email", ""),
                password=request.POST.get("password", ""),
                code=request.POST.get("code", ""),
                any_of=frozenset({"professional"}),
            )
        except DomainError as refusal:
            context["error"] = refusal.detail
        else:
            return redirect(target)
    response = render(request, "dashboard/sign_in.html", context, status=401 if context["error"] else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and in the session list."""
    identity.sign_out_browser(request=request)
    return redirect("/dashboard/sign-in")


sign_in.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
sign_out.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
