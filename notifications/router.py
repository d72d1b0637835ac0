"""Which alias holds this context's tables."""

from config.kernel.db import ContextRouter


class NotificationsRouter(ContextRouter):
    """Claims this context's models for its alias."""

    alias = "notifications"
    app_labels = frozenset({"notifications"})
