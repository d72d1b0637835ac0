"""Recognising the caller by a Bearer token or a service key: no query while the session is known."""

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from config.kernel.audit.records import client_address
from config.kernel.auth.context import set_principal
from config.kernel.auth.principal import ANONYMOUS, Principal
from config.kernel.auth.sessions import require_open_session
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import Unauthenticated
from config.kernel.ports import KEY_PRINCIPAL


def authenticate(request: HttpRequest) -> Principal:
    """The principal of the request, also set as the current one; ``ANONYMOUS`` without a token.

    Programs send ``Authorization: Api-Key …`` and become a principal of the kind "service", never a session.
    Refused are tokens that are not ours, and ours whose session has ended (known from at most a second ago).
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return ANONYMOUS
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "api-key" and token:
        return _key_holder(token.strip())
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send the access token as: Authorization: Bearer …", code="token_invalid")
    principal = decode_access(token.strip())
    require_open_session(principal)
    set_principal(principal)
    return principal


def _key_holder(secret: str) -> Principal:
    principal = KEY_PRINCIPAL.ask(secret=secret, address=client_address.get())
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
