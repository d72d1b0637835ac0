"""The OpenAPI document and its two readers, from local files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from config.kernel.api.authentication import authenticate
from config.kernel.api.policies import Policy
from config.kernel.api.problems import from_exception
from config.kernel.auth.context import current_principal
from config.kernel.auth.principal import STAFF_ROLES
from config.kernel.conf import setting
from config.kernel.errors import DomainError

# Whoever looks for a way in starts by reading all the doors: in production they are shown to those who build on them.
_READERS = Policy(any_of=STAFF_ROLES, keys=True)


def _for_readers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not setting("API_DOCUMENTATION_OPEN"):
            try:
                # A program brings its token, a browser the session of the admin.
                has_token = "HTTP_AUTHORIZATION" in request.META
                _READERS.check(authenticate(request) if has_token else current_principal())
            except DomainError as refusal:
                problem = from_exception(refusal)
                assert problem is not None
                return problem
        response = view(request, *args, **kwargs)
        # The library opens it for sign-in windows of other origins, which we have none of.
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    show.policy = _READERS  # type: ignore[attr-defined]  # read by the architecture test
    return show


_OPEN: dict[str, Any] = {"authentication_classes": [], "permission_classes": []}
schema = _for_readers(SpectacularAPIView.as_view(api_version="v1", **_OPEN))
swagger = _for_readers(SpectacularSwaggerView.as_view(url_name="schema", **_OPEN))
redoc = _for_readers(SpectacularRedocView.as_view(url_name="schema", **_OPEN))
