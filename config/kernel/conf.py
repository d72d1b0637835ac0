"""The one way for a context to read a setting."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def setting(name: str) -> Any:
    """Return the Django setting ``name``. Its default stands in ``config/settings``, so a missing one is an error."""
    try:
        return getattr(settings, name)
    except AttributeError:
        raise ImproperlyConfigured(f"The setting {name} is missing.") from None
