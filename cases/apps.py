"""Cases, documents, opinions, reports."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "cases"

    def ready(self) -> None:
        """Import the modules that register themselves; tell the kernel of sealed files."""
        for module in ("handlers", "tasks"):
            if find_spec(f"cases.{module}"):
                import_module(f"cases.{module}")
        from cases.services import exporting, inspecting, resealing
        from cases.services.triage import refuse_unknown_services
        from config.kernel.registry import provide

        refuse_unknown_services()
        provide("inspect_file", inspecting.inspect_file)
        provide("read_file", inspecting.read_file)
        provide("export_parts", exporting.export_parts)
        provide("reseal_files:cases", resealing.reseal_files)
        provide("sealed_files_by_version", resealing.files_by_version)
