"""Recognising the caller by the Bearer token: stateless, no query."""

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel.auth.context import set_principal
from config.kernel.auth.principal import ANONYMOUS, Principal
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import Unauthenticated
from config.kernel.registry import collect


def authenticate(request: HttpRequest) -> Principal:
    """The principal of the request, also set as the current one; ``ANONYMOUS`` without a token.

    Contexts may offer ``session_guard`` functions, which refuse principals whose session has ended.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return ANONYMOUS
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send the access token as: Authorization: Bearer …", code="token_invalid")
    principal = decode_access(token.strip())
    for guard in collect("session_guard"):
        guard(principal)
    set_principal(principal)
    return principal


class BearerAuthentication(BaseAuthentication):
    """Django REST framework's way to the same."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """Always a principal: anonymous callers are one too."""
        return authenticate(request._request), None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 names."""
        return 'Bearer realm="api"'
