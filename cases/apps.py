"""Cases, documents, opinions, reports."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Loads what must be connected before anything runs, and provides what others ask for (``config.kernel.ports``)."""

    name = "cases"

    def ready(self) -> None:
        """Import event handlers and job functions; provide."""
        from cases import handlers, tasks
        from cases.admin.queues import figures, queues
        from cases.services.documents import inspection
        from cases.services.intake.triage_choices import refuse_unknown_services
        from cases.services.privacy import export, retention
        from cases.services.storage import file_resealing
        from config.kernel import ports
        from config.kernel.admin.home import STAFF_HOME, StaffHome
        from config.kernel.privacy import EXPORT_PARTS
        from config.kernel.privacy.retention import RETENTION_RULES

        refuse_unknown_services()
        self.entrances = (handlers, tasks)
        ports.INSPECT_FILE.provide(inspection.inspect_file)
        ports.READ_FILE.provide(inspection.read_file)
        EXPORT_PARTS.provide(self.name, export.export_parts)
        ports.SEALED_FILES.provide(self.name, file_resealing)
        RETENTION_RULES.provide(self.name, retention.RULES)
        STAFF_HOME.provide(self.name, StaffHome(queues=queues, figures=figures))
