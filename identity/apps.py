"""Accounts, sessions, consent, keys."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "identity"

    def ready(self) -> None:
        """Import the modules that register themselves."""
        for module in ("handlers", "tasks"):
            if find_spec(f"identity.{module}"):
                import_module(f"identity.{module}")
