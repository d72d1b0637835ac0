"""Notices, e-mail, live updates."""

from functools import partial

from django.apps import AppConfig
from django.core.checks import register


class NotificationsConfig(AppConfig):
    """Loads what must be connected before anything runs, and provides what others ask for (``config.kernel.ports``)."""

    name = "notifications"

    def ready(self) -> None:
        """Import event handlers and job functions; provide."""
        from config.kernel import ports
        from config.kernel.admin.home import STAFF_HOME, StaffHome
        from config.kernel.crypto.data_key_resealing import NoSealedFiles
        from config.kernel.feeds import EVENT_SINKS
        from config.kernel.privacy import EXPORT_PARTS, exported_rows
        from config.kernel.privacy.retention import RETENTION_RULES
        from notifications import handlers, tasks
        from notifications.adapters.channel_checks import every_channel_is_whole
        from notifications.adapters.feeds import SINKS
        from notifications.adapters.protocol import SMS, channels_on
        from notifications.admin.queues import queues
        from notifications.services import retention

        def texts_are_sent() -> bool:
            return SMS in channels_on()

        register(every_channel_is_whole)
        ports.TEXT_MESSAGES.provide(texts_are_sent)
        self.entrances = (handlers, tasks)
        EXPORT_PARTS.provide(self.name, partial(exported_rows, self.name))
        ports.SEALED_FILES.provide(self.name, NoSealedFiles())
        RETENTION_RULES.provide(self.name, retention.RULES)
        EVENT_SINKS.provide(SINKS)
        handlers.hooks.connect()
        STAFF_HOME.provide(self.name, StaffHome(queues=queues))
