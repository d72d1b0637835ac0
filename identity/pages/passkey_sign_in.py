"""Signing in to a page by a passkey alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from config.kernel.api.policies import public
from config.kernel.errors import DomainError
from identity import services
from identity.pages.frame import ADMIN, DASHBOARD, HOME, OPENS, answer_of, refused

# What notifications tells people of, for everybody who has a page session.
NEWS = f"{HOME}news"
_ENTRANCES = {DASHBOARD: "/dashboard/sign-in", ADMIN: "/admin/login/"}


@sensitive_post_parameters()
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """To the dashboard or the admin, whichever ``next`` lies in; each opens for its own roles only."""
    target = request.POST.get("next", "")
    part = ADMIN if target.startswith(ADMIN) else DASHBOARD
    if (not target.startswith(part) and target not in (HOME, NEWS)) or not url_has_allowed_host_and_scheme(
        target, allowed_hosts=None
    ):
        target = part
    try:
        answer = answer_of(request)
        services.sign_in_browser_by_passkey(
            request=request, challenge_id=answer.challenge_id, credential=answer.credential, any_of=OPENS[part]
        )
    except DomainError as error:
        return refused(request, error, back=_ENTRANCES[part])
    return redirect(target)


sign_in.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
