"""Middlewares for pages only. API calls carry a token and no cookie: they skip them at the cost of one test."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware

from config.kernel.api.fallbacks import bad_request
from config.kernel.api.uploads import require_no_nul
from config.kernel.auth.context import set_principal
from config.kernel.errors import Invalid
from config.kernel.ports import SESSION_PRINCIPAL

API_PREFIXES = ("/api/v1/", "/healthz", "/readyz", "/startupz", "/.well-known/")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'{style}; script-src 'self'{script};"
    " connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def is_api(request: HttpRequest) -> bool:
    """Whether the request is for the token-authenticated API."""
    return request.path_info.startswith(API_PREFIXES)


class _SkippedForApi:
    """Mixed in before a Django middleware: an API request leaves out this one, and all of its kind that follow."""

    get_response: Any

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)  # type: ignore[call-arg]  # the mixed-in middleware's
        following = getattr(get_response, "__wrapped__", None)
        # Middlewares are made from the innermost on, so the following one knows already what comes after it.
        self.beyond: Callable[[HttpRequest], Any] = (
            following.beyond if isinstance(following, _SkippedForApi) else get_response
        )

    def __call__(self, request: HttpRequest) -> Any:
        """Serve one request."""
        if is_api(request):
            return self.beyond(request)
        return super().__call__(request)  # type: ignore[misc]  # the mixed-in middleware's


class BrowserSecurityMiddleware(_SkippedForApi, SecurityMiddleware):
    """Security headers, and the content security policy."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """The admin's theme and the API documentation need inline or evaluated code; our own pages do not."""
        relaxed = request.path_info.startswith(("/admin/", "/api/"))
        style, script = (" 'unsafe-inline'", " 'unsafe-inline' 'unsafe-eval'") if relaxed else ("", "")
        policy = CONTENT_SECURITY_POLICY.format(style=style, script=script)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return super().process_response(request, response)


class BrowserSessionMiddleware(_SkippedForApi, SessionMiddleware):
    """Sessions for pages."""


class BrowserLocaleMiddleware(_SkippedForApi, LocaleMiddleware):
    """Language for pages."""


class BrowserCommonMiddleware(_SkippedForApi, CommonMiddleware):
    """Django's common behaviour for pages."""


class BrowserCsrfMiddleware(_SkippedForApi, CsrfViewMiddleware):
    """CSRF protection for pages (the API takes no cookies); no form of theirs holds a NUL."""

    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        """The form was read to find its token, or is read now."""
        if is_api(request):
            return None
        refusal = super().process_view(request, *args)
        if refusal is None and request.method == "POST":
            try:
                require_no_nul(request.POST)
            except Invalid as error:
                return bad_request(request, error)
        return refusal


class BrowserAuthenticationMiddleware(_SkippedForApi, AuthenticationMiddleware):
    """The signed-in user of a page."""


class BrowserMessageMiddleware(_SkippedForApi, MessageMiddleware):
    """Messages for pages."""


class BrowserFrameMiddleware(_SkippedForApi, XFrameOptionsMiddleware):
    """No framing."""


class _PrincipalMiddleware:
    """Turns the session into a principal, by the port ``SESSION_PRINCIPAL``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request; the request middleware resets the principal afterwards."""
        principal = SESSION_PRINCIPAL.ask(request)
        if principal is not None:
            set_principal(principal)
        return self.get_response(request)


class BrowserPrincipalMiddleware(_SkippedForApi, _PrincipalMiddleware):
    """The principal of a page."""
