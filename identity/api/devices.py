"""The signed value by which a device is known again: browsers keep it as a cookie, programs send it as a header."""

from datetime import timedelta
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.conf import setting
from identity import services

HEADER = "X-Device-Token"
LIFETIME = timedelta(days=400)


def device_token_of(request: Request) -> str:
    """The value that came with the request; empty without one. It proves nothing but the device, so it is no login."""
    cookie = request.COOKIES.get(setting("DEVICE_COOKIE_NAME"), "")
    return str(request.headers.get(HEADER) or cookie)[:200]


def device_name_of(request: Request, given: str) -> str:
    """What the client calls its device, or else what its browser calls itself."""
    return given or str(request.headers.get("User-Agent", ""))[:200]


def signed_in_answer(sign_in: services.SignIn, **more: Any) -> Response:
    """The tokens, with the device's value in the body (for programs) and as a cookie (for browsers)."""
    body: dict[str, Any] = {
        **more,
        "access": sign_in.access,
        "refresh": sign_in.refresh,
        "expires_in": sign_in.expires_in,
        "token_type": "Bearer",
    }
    return with_device(body, sign_in.device_token)


def with_device(body: dict[str, Any], device_token: str) -> Response:
    """An answer that lets the device know its value, where there is one."""
    if not device_token:
        return Response(body)
    response = Response(body | {"device_token": device_token})
    response.set_cookie(
        setting("DEVICE_COOKIE_NAME"),
        device_token,
        max_age=LIFETIME,
        secure=setting("SESSION_COOKIE_SECURE"),
        httponly=True,
        samesite="Strict",
    )
    return response
