"""The pages that links in mails lead to. The secret stands behind the ``#``, in no log: a script sends it on.

A button has to be pressed, so that a mail scanner that follows links uses nothing up.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from config.kernel.api.policies import public
from identity.pages.frame import show_page


@dataclass(frozen=True)
class Link:
    """What a page says and where its form goes."""

    title: object
    text: object
    button: object
    done: object
    endpoint: str
    password: object = _("Your password")
    new_password: bool = False


LINKS = {
    "verify-email": Link(
        _("Confirm your e-mail address"),
        _("With the password that you registered with. If you did not register, close this page: nothing happens."),
        _("Confirm"),
        _("Your address is confirmed. You can sign in now."),
        "/api/v1/auth/verify-email",
    ),
    "confirm-email": Link(
        _("Confirm your new e-mail address"),
        _("With the password of your account. From then on you sign in with this address. All your sessions end."),
        _("Confirm"),
        _("Your new address is confirmed. Sign in with it."),
        "/api/v1/auth/email/confirm",
    ),
    "reset-password": Link(
        _("Set a new password"),
        _("At least 15 characters, or 8 where you use a second factor. All your sessions end."),
        _("Set the password"),
        _("Your password is changed. You can sign in now."),
        "/api/v1/auth/reset-password",
        password=_("New password"),
        new_password=True,
    ),
}


@require_GET
def link_page(request: HttpRequest, kind: str) -> HttpResponse:
    """The page of one kind of link."""
    return show_page(request, "account/link.html", {"link": LINKS[kind]})


link_page.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
