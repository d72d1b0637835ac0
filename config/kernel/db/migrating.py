"""Receivers of Django's migrate signals."""

from typing import Any

from config.kernel.db.router import alias_of, context_labels
from config.kernel.db.schema import grant_role, prepare_schema


def before_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Make the alias' schema before its own context's first table."""
    if sender.label == "kernel":
        prepare_schema(using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Give the context's role its rights on what the migrations made."""
    if sender.label in context_labels() and alias_of(sender.label) == using:
        grant_role(using)
