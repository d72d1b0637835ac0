"""Which alias holds this context's tables."""

from config.kernel.db import ContextRouter


class AnalysisRouter(ContextRouter):
    """Claims this context's models for its alias."""

    alias = "analysis"
    app_labels = frozenset({"analysis"})
