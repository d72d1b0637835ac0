"""Which alias holds this context's tables."""

from config.kernel.db import ContextRouter


class ProfessionalsRouter(ContextRouter):
    """Claims this context's models for its alias."""

    alias = "professionals"
    app_labels = frozenset({"professionals"})
