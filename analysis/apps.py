"""Findings of the local engine and of AI providers."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "analysis"

    def ready(self) -> None:
        """Import the modules that register themselves."""
        for module in ("handlers", "tasks"):
            if find_spec(f"analysis.{module}"):
                import_module(f"analysis.{module}")
