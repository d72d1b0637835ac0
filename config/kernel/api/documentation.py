"""The OpenAPI document and its two readers, from local files."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.request import Request

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


class SchemaView(SpectacularAPIView):
    """The document, which is the same for every reader: a process makes it once, as that takes seconds."""

    def _get_schema_response(self, request: Request) -> HttpResponse:
        media_type = self.perform_content_negotiation(request, force=True)[0].media_type
        filename: Any = self._get_filename(request, self.api_version)  # type: ignore[no-untyped-call]  # drf-spectacular leaves it bare
        named = {"Content-Disposition": f'inline; filename="{filename}"'}
        return HttpResponse(_written(media_type, get_language()), content_type=media_type, headers=named)


@lru_cache(maxsize=8)
def _written(media_type: str, language: str | None) -> bytes:
    generator: Any = SchemaView.generator_class(api_version=_VERSION)
    renderer: Any = next(one() for one in SchemaView.renderer_classes if one.media_type == media_type)
    written: str | bytes = renderer.render(generator.get_schema(request=None, public=True), renderer_context={})
    return written if isinstance(written, bytes) else written.encode()


_VERSION = "v1"
_OPEN: dict[str, Any] = {"authentication_classes": [], "permission_classes": []}
schema = _for_readers(SchemaView.as_view(api_version=_VERSION, **_OPEN))
swagger = _for_readers(SpectacularSwaggerView.as_view(url_name="schema", **_OPEN))
redoc = _for_readers(SpectacularRedocView.as_view(url_name="schema", **_OPEN))
