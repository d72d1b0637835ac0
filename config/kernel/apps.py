"""The kernel as a Django app: it has commands and checks, and no tables."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    """Connects schema preparation and the system checks."""

    name = "config.kernel"
    label = "kernel"
    verbose_name = "Platform"

    def ready(self) -> None:
        """Register what must hold before anything runs."""
        from config.kernel.db import checks, migrating

        register(checks.no_relations_between_contexts, "models")
        register(checks.every_table_has_one_alias, "models")
        pre_migrate.connect(migrating.before_migrate, dispatch_uid="kernel.prepare_schema")
        post_migrate.connect(migrating.after_migrate, dispatch_uid="kernel.grant_role")
