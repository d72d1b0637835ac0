"""The API as a client sees it, over Django's own handler."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.test import Client

from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.auth.sessions import SessionState, keep_known
from config.kernel.auth.tokens import PlatformToken, encode_access

_MADE_UP: set[UUID] = set()


class ApiClient:
    """Sends JSON under ``/api/v1`` (a leading ``/api`` or ``/.`` is taken as it is), with a real token."""

    def __init__(self, principal: Principal | None = None) -> None:
        self.principal = principal
        self.client = Client(raise_request_exception=False)

    def as_(self, principal: Principal) -> ApiClient:
        """The same, signed in as ``principal``."""
        return ApiClient(principal)

    def get(self, path: str, **options: Any) -> Any:
        return self.send("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.send("POST", path, json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Any:
        """Over whatever is there, where the test says nothing of versions; ``send`` adds nothing."""
        return self.send("PUT", path, json, **_over(options))

    def patch(self, path: str, json: Any = None, **options: Any) -> Any:
        """As ``put``."""
        return self.send("PATCH", path, json, **_over(options))

    def delete(self, path: str, **options: Any) -> Any:
        return self.send("DELETE", path, **options)

    def upload(self, path: str, fields: dict[str, Any], **options: Any) -> Any:
        """POST a multipart form."""
        return self.client.post(_full(path), fields, headers=self._headers(options.get("headers")))

    def send(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        headers: dict[str, str] | None = None,
        query: Any = None,
    ) -> Any:
        import orjson

        body = b"" if json is None else json if isinstance(json, bytes) else orjson.dumps(json, default=str)
        return self.client.generic(
            method,
            _full(path),
            body,
            content_type="application/json" if json is not None else "",
            headers=self._headers(headers),
            query_params=query,
        )

    def _headers(self, extra: dict[str, str] | None) -> dict[str, str]:
        headers = dict(extra or {})
        if self.principal is not None:
            headers.setdefault("Authorization", f"Bearer {access_token(self.principal)}")
        return headers


def access_token(principal: Principal) -> str:
    """A token of the principal. One without a session in the database acts in a made-up one that this process knows."""
    if principal.session_id is None or principal.session_id in _MADE_UP:
        principal = replace(principal, session_id=principal.session_id or uuid5(NAMESPACE_OID, str(principal.user_id)))
        assert principal.session_id
        keep_known(principal.session_id, SessionState(principal.session_version, math.inf), 60)
    return encode_access(principal)[0]


def make_principal(*roles: str, user_id: UUID | None = None, mfa: bool = False, verified: bool = True) -> Principal:
    """A principal that no table needs to know."""
    session_id = uuid4()
    _MADE_UP.add(session_id)
    return Principal(
        user_id=user_id or uuid4(),
        roles=frozenset(roles),
        session_id=session_id,
        mfa_at=clock.now() if mfa else None,
        email_verified=verified,
    )


def _over(options: dict[str, Any]) -> dict[str, Any]:
    return options | {"headers": {"If-Match": "*", **(options.get("headers") or {})}}


def _full(path: str) -> str:
    return path if path.startswith(("/api/", "/.", "/admin/", "/healthz", "/readyz", "/startupz")) else f"/api/v1{path}"


def signed_token(kind: str, claims: dict[str, Any], lifetime: timedelta) -> str:
    """A token of any kind, signed by our own key."""
    token = type("Signed", (PlatformToken,), {"token_type": kind, "lifetime": lifetime})()
    token.payload |= claims
    return str(token)
