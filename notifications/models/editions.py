"""Versions of what staff write for everybody."""

from config.kernel.editions.models import AbstractEdition


class Edition(AbstractEdition):
    """One version."""
