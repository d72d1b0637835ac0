"""Findings of the local engine and of AI providers."""

from importlib import import_module

from django.apps import AppConfig

from config.kernel.registry import provide


class AnalysisConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "analysis"

    def ready(self) -> None:
        """Import the modules that register themselves, and offer cases what it asks for."""
        for module in ("handlers", "tasks"):
            import_module(f"analysis.{module}")
        provide("case_findings", import_module("analysis.services").case_findings)
