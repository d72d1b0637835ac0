"""Accounts, sessions, consent, keys."""

from functools import partial

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Loads what must be connected before anything runs, and provides what others ask for (``config.kernel.ports``)."""

    name = "identity"

    def ready(self) -> None:
        """Import event handlers and job functions; provide."""
        from config.kernel import ports
        from config.kernel.admin.home import STAFF_HOME, StaffHome
        from config.kernel.crypto.data_key_resealing import NoSealedFiles
        from config.kernel.privacy import EXPORT_PARTS, exported_rows
        from config.kernel.privacy.retention import RETENTION_RULES
        from identity import handlers, tasks
        from identity.admin.queues import queues
        from identity.queries import session_state
        from identity.services.keys import data_keys
        from identity.services.privacy import retention
        from identity.services.sign_in import browser_sessions, service_keys

        self.entrances = (handlers, tasks)
        ports.SESSION_STATE.provide(session_state)
        ports.KEY_PRINCIPAL.provide(service_keys.principal_of_key)
        ports.SESSION_PRINCIPAL.provide(browser_sessions.principal_of_request)
        ports.BROWSER_SIGN_IN.provide(browser_sessions.sign_in_browser)
        ports.BROWSER_SIGN_OUT.provide(browser_sessions.sign_out_browser)
        ports.PASSKEY_FORM.provide("account/_passkey_form.html")
        ports.DATA_KEY.provide(data_keys.data_key)
        ports.NEWEST_DATA_KEY.provide(data_keys.newest_key)
        EXPORT_PARTS.provide(self.name, partial(exported_rows, self.name))
        ports.SEALED_FILES.provide(self.name, NoSealedFiles())
        RETENTION_RULES.provide(self.name, retention.RULES)
        STAFF_HOME.provide(self.name, StaffHome(queues=queues))
