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
        from cases.services.documents import inspection
        from cases.services.intake.triage_choices import refuse_unknown_services
        from cases.services.privacy import export
        from cases.services.storage import rekeying
        from config.kernel.ports import provide

        refuse_unknown_services()
        provide("inspect_file", inspection.inspect_file)
        provide("read_file", inspection.read_file)
        provide("export_parts", export.export_parts)
        provide("reseal_files:cases", rekeying.reseal_files)
        provide("sealed_files_by_version", rekeying.files_by_version)
