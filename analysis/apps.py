"""Findings of the local engine and of AI providers."""

from functools import partial
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.core.checks import register


class AnalysisConfig(AppConfig):
    """Loads what must be connected before anything runs, and provides what others ask for (``config.kernel.ports``)."""

    name = "analysis"

    def ready(self) -> None:
        """Import event handlers and job functions; provide."""
        from analysis import handlers, services, tasks
        from analysis.adapters.providers.configured_providers import every_named_provider_can_be_asked
        from config.kernel import ports
        from config.kernel.admin.home import STAFF_HOME, StaffHome
        from config.kernel.auth import Principal
        from config.kernel.crypto.data_key_resealing import NoSealedFiles
        from config.kernel.privacy import EXPORT_PARTS, exported_rows
        from config.kernel.privacy.retention import RETENTION_RULES

        def findings_of_case(case_id: UUID) -> tuple[dict[str, Any], ...]:
            return services.case_findings(case_id=case_id)

        def judgements_of_case(principal: Principal, case_id: UUID) -> ports.Judgements:
            return services.judged_documents(principal=principal, case_id=case_id)

        register(every_named_provider_can_be_asked)
        self.entrances = (handlers, tasks)
        ports.CASE_FINDINGS.provide(findings_of_case)
        ports.CASE_JUDGEMENTS.provide(judgements_of_case)
        EXPORT_PARTS.provide(self.name, partial(exported_rows, self.name))
        ports.SEALED_FILES.provide(self.name, NoSealedFiles())
        RETENTION_RULES.provide(self.name, ())
        STAFF_HOME.provide(self.name, StaffHome())
