"""Django's admin with the platform's site as its default site."""

from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """Loads every context's ``admin.py`` into the site that asks for a second factor."""

    default = False
    default_site = "config.kernel.admin.site.PlatformAdminSite"
