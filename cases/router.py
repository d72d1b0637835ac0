"""Which alias holds this context's tables."""

from config.kernel.db import ContextRouter


class CasesRouter(ContextRouter):
    """Claims this context's models for its alias."""

    alias = "cases"
    app_labels = frozenset({"cases"})
