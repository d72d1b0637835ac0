"""Specialists, licences, availability, matching."""

from functools import partial

from django.apps import AppConfig


class ProfessionalsConfig(AppConfig):
    """Loads what must be connected before anything runs, and provides what others ask for (``config.kernel.ports``)."""

    name = "professionals"

    def ready(self) -> None:
        """Import event handlers and job functions; provide."""
        from config.kernel import ports
        from config.kernel.admin.home import STAFF_HOME, StaffHome
        from config.kernel.crypto.data_key_resealing import NoSealedFiles
        from config.kernel.privacy import EXPORT_PARTS, exported_rows
        from config.kernel.privacy.retention import RETENTION_RULES
        from professionals import handlers, tasks
        from professionals.admin import queues
        from professionals.queries import names_of

        self.entrances = (handlers, tasks)
        ports.PROFESSIONAL_NAMES.provide(names_of)
        EXPORT_PARTS.provide(self.name, partial(exported_rows, self.name))
        ports.SEALED_FILES.provide(self.name, NoSealedFiles())
        RETENTION_RULES.provide(self.name, ())
        STAFF_HOME.provide(self.name, StaffHome(queues=queues))
