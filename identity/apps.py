"""Accounts, sessions, consent, keys."""

from functools import partial
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Loads what must be connected before anything runs: event handlers and job functions."""

    name = "identity"

    def ready(self) -> None:
        """Import the modules that register themselves; offer page sessions to the kernel."""
        for module in ("handlers", "tasks"):
            if find_spec(f"identity.{module}"):
                import_module(f"identity.{module}")
        from config.kernel.ports import provide
        from config.kernel.privacy import exported_rows
        from identity.queries import session_state
        from identity.services.keys import data_keys
        from identity.services.sign_in import browser_sessions, service_keys

        provide("export_parts", partial(exported_rows, "identity"))
        provide("session_state", session_state)
        provide("key_principal", service_keys.principal_of_key)
        provide("session_principal", browser_sessions.principal_of_request)
        provide("browser_sign_in", browser_sessions.sign_in_browser)
        provide("browser_passkey_form", partial(str, "account/_passkey_form.html"))
        provide("browser_sign_out", browser_sessions.sign_out_browser)
        provide("newest_data_key", data_keys.newest_key)
        provide("data_key", data_keys.data_key)
