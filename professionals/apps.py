"""Specialists, licences, availability, matching."""

from functools import partial
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ProfessionalsConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "professionals"

    def ready(self) -> None:
        """Import the modules that register themselves; tell the access ledger specialists' names."""
        for module in ("handlers", "tasks"):
            if find_spec(f"professionals.{module}"):
                import_module(f"professionals.{module}")
        from config.kernel.ports import provide
        from config.kernel.privacy import exported_rows
        from professionals.queries import names_of

        provide("export_parts", partial(exported_rows, "professionals"))
        provide("professional_names", names_of)
