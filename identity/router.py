"""Which alias holds this context's tables."""

from config.kernel.db import ContextRouter


class IdentityRouter(ContextRouter):
    """Claims this context's models for its alias."""

    alias = "default"
    app_labels = frozenset({"identity", "auth", "contenttypes", "admin", "sessions"})
