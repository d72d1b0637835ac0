"""The one way for a context to read a setting."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_REQUIRED = object()


def setting(name: str, default: Any = _REQUIRED) -> Any:
    """Return the Django setting ``name``; a missing one without ``default`` is an error, never a guess."""
    value = getattr(settings, name, default)
    if value is _REQUIRED:
        raise ImproperlyConfigured(f"The setting {name} is missing.")
    return value
