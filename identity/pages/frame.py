"""What the pages of the own account share: who may see them, and what a refusal looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.kernel.api.json_texts import bounded_json
from config.kernel.api.policies import signed_in
from config.kernel.api.problems import STATUS
from config.kernel.api.scripts import for_scripts
from config.kernel.auth import STAFF_ROLES, Principal, current_principal
from config.kernel.errors import DomainError, Invalid, TooLarge

View = Callable[..., HttpResponse]
POLICY = signed_in()
data = for_scripts(POLICY)
HOME = "/account/"
DASHBOARD, ADMIN = "/dashboard/", "/admin/"
# Whom a page session is for, by the part of the site that it opens.
OPENS = {DASHBOARD: frozenset({"professional"}), ADMIN: STAFF_ROLES}


@dataclass(frozen=True)
class Answer:
    """What a browser's passkey dialog gave back."""

    challenge_id: UUID
    credential: dict[str, Any]


def page(view: View) -> View:
    """For whoever has a page session; a refusal is a page that says what to do."""

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not current_principal().is_authenticated:
            # Specialists and staff sign in at different doors; who comes here has said nothing of which is theirs.
            # Links of mails lead here, so that looking is answered; what would have been done is refused.
            status = 200 if request.method in ("GET", "HEAD") else 401
            return show_page(request, "account/doors.html", {"next": urlencode({"next": HOME})}, status=status)
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return refused(request, error)

    show.policy = POLICY  # type: ignore[attr-defined]  # read by the architecture test
    return show


def refused(request: HttpRequest, error: DomainError, *, back: str = HOME) -> HttpResponse:
    """The page of a refusal, with a way back."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return show_page(request, "account/refused.html", {"detail": error.detail, "back": back}, status=status)


def show_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render; pages are never cached."""
    principal = current_principal()
    frame = {"home": DASHBOARD if principal.has("professional") else ADMIN, "inside": principal.is_authenticated}
    response = render(request, template, frame | context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def caller() -> Principal:
    """Who is asking."""
    return current_principal()


def answer_of(request: HttpRequest) -> Answer:
    """The dialog's answer out of a form; ``Invalid`` when there is none."""
    try:
        credential = bounded_json(request.POST.get("credential", ""))
        challenge_id = UUID(request.POST.get("challenge_id", ""))
    except (ValueError, Invalid, TooLarge):
        raise Invalid("Your browser gave no passkey; try again.", code="passkey_missing") from None
    if not isinstance(credential, dict):
        raise Invalid("Your browser gave no passkey; try again.", code="passkey_missing")
    return Answer(challenge_id, credential)
