"""Notices, e-mail, live updates."""

from functools import partial
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "notifications"

    def ready(self) -> None:
        """Import the modules that register themselves."""
        for module in ("handlers", "tasks"):
            if find_spec(f"notifications.{module}"):
                import_module(f"notifications.{module}")
        from config.kernel.ports import provide
        from config.kernel.privacy import exported_rows

        provide("export_parts", partial(exported_rows, "notifications"))
