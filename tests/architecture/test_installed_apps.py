"""An app is installed for what Django finds by that list alone: models, templates, static files, checks, words."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.conf import settings

from tests.architecture.settings_names import read_by
from tests.architecture.tree import CONTEXTS, ROOT

OURS = ("config.kernel", *(f"{label}.apps.{label.capitalize()}Config" for label in CONTEXTS))
# What needs the app, and the words there that show it: a file of ours, or a library's module.
NEEDED = {
    "unfold.apps.BasicAppConfig": ("config/kernel/templates/kernel/admin_login.html", 'extends "unfold/'),
    "config.kernel.admin_config.PlatformAdminConfig": ("config/urls.py", "admin.site.urls"),
    "django.contrib.auth": ("identity/models/accounts.py", "AbstractBaseUser"),
    "django.contrib.contenttypes": ("django.contrib.auth.models", "import ContentType"),
    "django.contrib.sessions": ("identity/services/privacy/retention.py", "django.contrib.sessions.models import"),
    "django.contrib.messages": ("config/kernel/api/browser.py", "django.contrib.messages"),
    "django.contrib.staticfiles": ("professionals/templates/dashboard/frame.html", "{% load static"),
    # The words in which serializers refuse, in the languages of the platform.
    "rest_framework": ("cases/api/casefile/serializers.py", "import serializers"),
    # Templates of the pages that show the API, their scripts, and its checks.
    "drf_spectacular": ("config/kernel/api/documentation.py", "SpectacularSwaggerView"),
    "drf_spectacular_sidecar": ("config/settings/api.py", '"SIDECAR"'),
    "django_htmx": ("professionals/templates/dashboard/frame.html", "{% static 'django_htmx/"),
}


def faults(installed: Sequence[str], needed: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Apps that nothing needs, and needs that are none any more."""
    for app in installed:
        if app not in (*OURS, *needed):
            yield f"{app} is installed, and nothing here says what needs it"
    for app, (where, words) in needed.items():
        path = ROOT / where
        if app not in installed:
            yield f"{app} is not installed"
        elif words not in (path.read_text() if path.suffix in (".py", ".html") else read_by(where)):
            yield f"{app} is not needed by {where} any more"


def test_every_installed_app_is_needed() -> None:
    assert not list(faults(settings.INSTALLED_APPS, NEEDED))


@pytest.mark.parametrize(
    ("installed", "needed", "fault"),
    [
        (["planted"], {}, "planted is installed"),
        ([], {"planted": ("config/urls.py", "path")}, "planted is not installed"),
        (["planted"], {"planted": ("config/urls.py", "no such word")}, "planted is not needed by config/urls.py"),
        (["planted"], {"planted": ("django.urls", "no such word")}, "planted is not needed by django.urls"),
    ],
)
def test_an_app_that_nothing_needs_is_refused(
    installed: list[str], needed: dict[str, tuple[str, str]], fault: str
) -> None:
    assert [text for text in faults(installed, needed) if text.startswith(fault)]
