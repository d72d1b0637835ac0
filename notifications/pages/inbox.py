"""What somebody was told, for whoever has no dashboard; and where a mail leads that names no page of the workplace.

Who has not signed in sees that something waits, and by which door one gets to it: never what it is.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from config.kernel.api.policies import public, signed_in
from config.kernel.auth import STAFF_ROLES, current_principal
from config.kernel.conf import setting
from config.kernel.errors import DomainError, NotFound
from identity import services as identity
from notifications import services
from notifications.domain.kinds import INBOX
from notifications.domain.mail_texts import language_of


@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """All news, or those that were not read; POST marks them read."""
    principal = current_principal()
    if not principal.is_authenticated:
        # Links of mails lead here, so that looking is answered; what would have been done is refused.
        return _doors(request, status=200 if request.method == "GET" else 401)
    unread_only = request.GET.get("unread") == "true"
    if request.method == "POST":
        services.mark_read(principal=principal)
        return redirect(INBOX)
    found = services.inbox(
        principal=principal, language=_language(), unread_only=unread_only, after=_id(request.GET.get("after", ""))
    )
    kept = {"unread": "true"} if unread_only else {}
    context = {
        "found": found,
        "unread_only": unread_only,
        "older": urlencode(kept | {"after": str(found.next_after)}) if found.next_after else "",
        "home": "/dashboard/" if principal.has("professional") else "/admin/",
        "inside": principal.has("professional", *STAFF_ROLES),
    }
    return _page(request, "notifications/inbox.html", context)


@require_http_methods(["GET", "POST"])
def opened(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one read, and go where it is about; back to the list where it has no page of its own.

    By a link too: looking at one's own news changes nothing but what one has looked at.
    """
    principal = current_principal()
    if not principal.is_authenticated:
        return _doors(request, status=200 if request.method == "GET" else 401)
    try:
        return redirect(services.open_notice(principal=principal, notice_id=notice_id) or INBOX)
    except NotFound:
        return redirect(INBOX)


@sensitive_post_parameters()
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """A patient's, with a second factor, as every session of a page; whatever is wrong, the answer is the same."""
    given = {name: request.POST.get(name, "") for name in ("email", "password", "code")}
    try:
        identity.sign_in_browser(request=request, **given, any_of=frozenset({"patient"}))
    except DomainError as refusal:
        return _doors(request, status=401, error=refusal.detail, email=given["email"])
    return redirect(INBOX)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and in the session list."""
    identity.sign_out_browser(request=request)
    return redirect(INBOX)


def _doors(request: HttpRequest, *, status: int, error: str = "", email: str = "") -> HttpResponse:
    context = {
        "next": urlencode({"next": INBOX}),
        "error": error,
        "email": email,
        "support": setting("SUPPORT_CONTACT"),
    }
    return _page(request, "notifications/waits.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context | {"words": _words()[_language()]}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _language() -> str:
    return language_of((get_language() or "en").split("-")[0])


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("inbox_words.json").read_text("utf-8"))
    return words


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


inbox.policy = signed_in()  # type: ignore[attr-defined]  # read by the architecture test
opened.policy = signed_in()  # type: ignore[attr-defined]  # read by the architecture test
sign_in.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
sign_out.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
