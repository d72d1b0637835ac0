"""What is asked before a large body is taken: who sends it, whether they may, and whether it is not too large.

The worker asks when the head is there (``config.runtime.http.admission``). What is refused is answered by the view
itself, at once and without its body, so that the answer, its log line and its limits are those of every other request.
"""

import io
import re
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_started
from django.http import HttpRequest
from django.urls import ResolverMatch, resolve
from django.urls.exceptions import Resolver404

from config.kernel.api.authentication import authenticate
from config.kernel.api.middleware import address_in
from config.kernel.api.views import REFUSAL, ApiView
from config.kernel.audit.capacity import restore_capacities, without_capacities
from config.kernel.audit.records import client_address
from config.kernel.auth.context import reset_principal, set_principal
from config.kernel.auth.principal import ANONYMOUS
from config.kernel.conf import setting
from config.kernel.observability.correlation import accepted_or_new, correlated

_FILE = re.compile(r"/api/v1/(?:documents/[^/]+/original|document-links/[^/]+|exports/[^/]+|cases/[^/]+/dicomweb/.+)")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Admission:
    """The door of the product (``config.runtime.http.admission.Door``)."""

    def wants_body(self, environ: dict[str, Any], beginning: bytes) -> bool:
        """Asked with nothing when the head is there, and with the first bytes of the body once more.

        A refusal stands in the environment for the view, which raises it where it would have found it.
        """
        request = WSGIRequest(environ | {"wsgi.input": io.BytesIO()})
        match = _match(request)
        if match is None or request.method not in _WITH_BODY:
            return False
        view_class = getattr(match.func, "cls", None)
        if view_class is None or not issubclass(view_class, ApiView):
            return _length(environ) <= setting("DATA_UPLOAD_MAX_MEMORY_SIZE")
        if request.method.lower() not in view_class.http_method_names or not hasattr(
            view_class, request.method.lower()
        ):
            return False
        # What a request does first: a connection that the database has ended must not answer for it.
        request_started.send(sender=type(self), environ=environ)
        try:
            _admit(view_class, request, match, beginning)
        except Exception as refusal:  # the view raises it, where every error becomes HTTP
            environ[REFUSAL] = refusal
            return False
        return True

    def keeps_parts(self, environ: dict[str, Any]) -> bool:
        """Whether the view keeps what came of a body that breaks off."""
        match = _match(WSGIRequest(environ | {"wsgi.input": io.BytesIO()}))
        return match is not None and bool(getattr(getattr(match.func, "cls", None), "keeps_parts", False))

    def opens_file(self, environ: dict[str, Any]) -> bool:
        """Asked of every request, so by its path alone: originals, copies of one's data, DICOM objects."""
        return environ["REQUEST_METHOD"] == "GET" and _FILE.fullmatch(environ["PATH_INFO"]) is not None

    def address_of(self, environ: dict[str, Any]) -> str:
        """As the limits on tries see it."""
        return address_in(environ, setting("TRUSTED_PROXIES")) or ""


class AdmittingHandler(WSGIHandler):
    """Django's WSGI application, with the door that the worker asks."""

    door = Admission()


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _admit(view_class: type[ApiView], request: HttpRequest, match: ResolverMatch, beginning: bytes) -> None:
    with correlated(accepted_or_new(request.META.get("HTTP_X_REQUEST_ID"))):
        principal_token = set_principal(ANONYMOUS)
        address_token = client_address.set(address_in(request.META, setting("TRUSTED_PROXIES")))
        capacities_token = without_capacities()
        try:
            view = view_class()
            principal = authenticate(request)
            view.policy_for(request.method or "").check(principal)
            view.admit(request, principal, beginning, **match.kwargs)
        finally:
            reset_principal(principal_token)
            client_address.reset(address_token)
            restore_capacities(capacities_token)


def _length(environ: dict[str, Any]) -> int:
    told = environ.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdigit() else 0
