"""The kernel as a Django app: it has commands and checks, and no tables."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register
from django.core.signals import request_started
from django.db import reset_queries
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    """Connects schema preparation and the system checks."""

    name = "config.kernel"
    label = "kernel"
    verbose_name = "Platform"

    def ready(self) -> None:
        """Register what must hold before anything runs."""
        from config.kernel import events, ports
        from config.kernel.crypto import data_key_resealing_jobs, inventory
        from config.kernel.crypto.master import master_keys
        from config.kernel.db import checks, migrate_signals
        from config.kernel.feeds import sinks
        from config.kernel.jobs import registry
        from config.kernel.privacy import erasure, retention, retention_job
        from config.kernel.privacy import inventory as personal

        # A wrong key setting ends the start, not the first request. A KMS is not asked before it is needed.
        master_keys()
        data_key_resealing_jobs.register()
        retention_job.register()
        register(checks.no_relations_between_contexts, "models")
        register(checks.every_table_has_one_alias, "models")
        register(inventory.every_sealed_field_names_its_owner, "models")
        register(personal.every_table_says_whose_it_is, "models")
        register(erasure.every_erasure_rule_is_one, "models")
        register(retention.every_setting_names_a_rule)
        register(ports.every_port_has_one_provider)
        register(events.every_handled_event_exists)
        register(registry.every_named_kind_is_registered)
        register(sinks.every_wanted_sink_exists)
        if not settings.DEBUG:
            # It empties, before each request, the lists of statements that only DEBUG fills.
            request_started.disconnect(reset_queries)
        pre_migrate.connect(migrate_signals.before_migrate, dispatch_uid="kernel.prepare_schema")
        post_migrate.connect(migrate_signals.after_migrate, dispatch_uid="kernel.grant_role")
