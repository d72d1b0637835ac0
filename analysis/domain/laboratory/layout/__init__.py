"""The order in which a person reads a page: regions side by side, and what belongs to a name on other lines."""

from analysis.domain.laboratory.layout.arrangement import arranged

__all__ = ["arranged"]
