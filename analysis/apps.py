"""Findings of the local engine and of AI providers."""

from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID

from django.apps import AppConfig

from config.kernel.ports import provide
from config.kernel.privacy import exported_rows


class AnalysisConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "analysis"

    def ready(self) -> None:
        """Import the modules that register themselves, and offer cases what it asks for."""
        for module in ("handlers", "tasks"):
            import_module(f"analysis.{module}")
        provide("export_parts", partial(exported_rows, "analysis"))
        provide("case_findings", findings_of_case)


def findings_of_case(case_id: UUID) -> tuple[dict[str, Any], ...]:
    """What cases asks for when an opinion is submitted; imported late, since models load after the app."""
    from analysis import services

    return services.case_findings(case_id=case_id)
