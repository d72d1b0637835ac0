"""Every address of the platform, wired by dotted string."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.kernel.api.documentation import redoc, schema, swagger
from config.kernel.observability.health import health, key_set, ready, startup


def _if_there(prefix: str, module: str) -> list[URLResolver]:
    return [path(prefix, include(module))] if find_spec(module.rsplit(".", 1)[0]) and find_spec(module) else []


# Addresses are tried in this order: those of the hottest reads come first.
_HOTTEST = ("cases", "notifications")
_names = sorted(settings.CONTEXT_APPS, key=lambda name: name not in _HOTTEST)
_contexts = [resolver for name in _names for resolver in _if_there("api/v1/", f"{name}.api.urls")]
urlpatterns: list[URLPattern | URLResolver] = [
    *_contexts,
    path("healthz", health),
    path("readyz", ready),
    path("startupz", startup),
    path(".well-known/jwks.json", key_set),
    path("api/schema", schema, name="schema"),
    path("api/docs", swagger, name="swagger"),
    path("api/redoc", redoc, name="redoc"),
    *_if_there("account/", "identity.pages.urls"),
    *_if_there("", "identity.pages.link_urls"),
    *_if_there("", "cases.pages.urls"),
    *_if_there("dashboard/", "professionals.dashboard.urls"),
    path("admin/", admin.site.urls),
]
handler400 = "config.kernel.api.fallbacks.bad_request"
handler404 = "config.kernel.api.fallbacks.not_found"
handler500 = "config.kernel.api.fallbacks.server_error"
