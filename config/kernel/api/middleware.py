"""The one middleware that every request passes: id, address, principal, log line, metrics."""

import ipaddress
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from config.kernel.api.problems import problem_response
from config.kernel.audit.capacity import restore_capacities, without_capacities
from config.kernel.audit.records import client_address
from config.kernel.auth.context import reset_principal, set_principal
from config.kernel.auth.principal import ANONYMOUS
from config.kernel.conf import setting
from config.kernel.observability import metrics
from config.kernel.observability.correlation import accepted_or_new, correlated

log = structlog.get_logger("request")
QUIET = frozenset({"/healthz", "/readyz", "/startupz"})


class RequestMiddleware:
    """Sets what the rest relies on, and records what happened by route template, never by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted_proxies: int = setting("TRUSTED_PROXIES")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""
        started = time.perf_counter()
        with correlated(accepted_or_new(request.META.get("HTTP_X_REQUEST_ID"))) as request_id:
            principal_token = set_principal(ANONYMOUS)
            address_token = client_address.set(address_of(request, self.trusted_proxies))
            capacities_token = without_capacities()
            try:
                response = _unfit(request) or self.get_response(request)
                response["X-Request-ID"] = request_id
                response.headers.setdefault("X-Content-Type-Options", "nosniff")
                self._observe(request, response, time.perf_counter() - started)
            finally:
                reset_principal(principal_token)
                client_address.reset(address_token)
                restore_capacities(capacities_token)
        return response

    def _observe(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else "(none)"
        metrics.observe_request(request.method or "", route, response.status_code, seconds)
        if request.path not in QUIET:
            log.info(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
            )


def _unfit(request: HttpRequest) -> HttpResponse | None:
    """No address holds a NUL: PostgreSQL has no such text, so whatever is looked up by it would break."""
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path or "\0" in query or "%00" in query:
        detail = "Take the NUL character out of the address."
        fault = {"pointer": "?", "code": "invalid", "detail": detail}
        return problem_response(400, "invalid", detail, field_errors=[fault])
    return None


def address_of(request: HttpRequest, trusted_proxies: int) -> str | None:
    """The client's address: the X-Forwarded-For entry that our own outermost proxy wrote, never an earlier one."""
    return address_in(request.META, trusted_proxies)


def address_in(environ: Mapping[str, Any], trusted_proxies: int) -> str | None:
    """As ``address_of``, before there is a request."""
    forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    candidate = environ.get("REMOTE_ADDR", "")
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        candidate = forwarded[-trusted_proxies]
    try:
        return str(ipaddress.ip_address(_without_port(candidate)))
    except ValueError:
        return None


def _without_port(text: str) -> str:
    # Some proxies write 192.0.2.1:4711 and [2001:db8::1]:4711.
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, _ = text.partition(":")
    return host if colon and text.count(":") == 1 else text
