"""Passkeys of one's own, made and used by the browser's dialog."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from identity import services
from identity.pages.frame import HOME, answer_of, caller, data, page, show_page


@require_POST
@data
def add_options(request: HttpRequest) -> HttpResponse:
    """What the dialog needs for a new passkey; after a fresh proof."""
    return JsonResponse(asdict(services.begin_passkey(principal=caller())))


@sensitive_post_parameters()
@require_POST
@page
def add(request: HttpRequest) -> HttpResponse:
    """Keep it; recovery codes that come with the first one are shown once."""
    answer = answer_of(request)
    passkey, codes = services.add_passkey(
        principal=caller(),
        challenge_id=answer.challenge_id,
        credential=answer.credential,
        name=request.POST.get("name", ""),
    )
    if codes:
        return show_page(request, "account/codes.html", {"codes": codes, "passkey": passkey})
    return redirect(f"{HOME}#passkeys")


@require_POST
@page
def remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """After a fresh proof; other sessions end."""
    services.remove_passkey(principal=caller(), passkey_id=passkey_id)
    return redirect(f"{HOME}#passkeys")


@require_POST
@data
def prove_options(request: HttpRequest) -> HttpResponse:
    """What the dialog needs for a fresh proof."""
    return JsonResponse(asdict(services.begin_passkey_step_up(principal=caller())))


@sensitive_post_parameters()
@require_POST
@page
def prove(request: HttpRequest) -> HttpResponse:
    """A fresh proof by passkey; back to the page that asked for it."""
    answer = answer_of(request)
    services.step_up_browser_by_passkey(request=request, challenge_id=answer.challenge_id, credential=answer.credential)
    target = request.POST.get("next", "")
    return redirect(target if target.startswith("/dashboard/") and "//" not in target else f"{HOME}#passkeys")
