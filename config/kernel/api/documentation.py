"""The OpenAPI document and its two readers, from local files."""

from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from config.kernel.api.policies import public

schema = SpectacularAPIView.as_view(api_version="v1", authentication_classes=[], permission_classes=[])
swagger = SpectacularSwaggerView.as_view(url_name="schema", authentication_classes=[], permission_classes=[])
redoc = SpectacularRedocView.as_view(url_name="schema", authentication_classes=[], permission_classes=[])
for _view in (schema, swagger, redoc):
    _view.policy = public()  # type: ignore[attr-defined]  # read by the architecture test
