"""Every address of the platform, wired by dotted string."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.kernel.api.documentation import redoc, schema, swagger
from config.kernel.observability.probe_views import health, key_set, ready, startup

urlpatterns: list[URLPattern | URLResolver] = [
    # Addresses are tried in this order: those of the hottest reads come first.
    path("api/v1/", include("cases.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    path("api/v1/", include("identity.api.urls")),
    path("api/v1/", include("professionals.api.urls")),
    path("api/v1/", include("analysis.api.urls")),
    path("healthz", health),
    path("readyz", ready),
    path("startupz", startup),
    path(".well-known/jwks.json", key_set),
    path("api/schema", schema, name="schema"),
    path("api/docs", swagger, name="swagger"),
    path("api/redoc", redoc, name="redoc"),
    path("account/", include("identity.pages.urls")),
    path("", include("identity.pages.link_urls")),
    path("", include("cases.pages.urls")),
    path("", include("notifications.pages.urls")),
    path("dashboard/", include("professionals.dashboard.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "config.kernel.api.fallbacks.bad_request"
handler403 = "config.kernel.api.fallbacks.permission_denied"
handler404 = "config.kernel.api.fallbacks.not_found"
handler500 = "config.kernel.api.fallbacks.server_error"
