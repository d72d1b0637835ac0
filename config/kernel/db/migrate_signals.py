"""Receivers of Django's migrate signals."""

from typing import Any

from config.kernel.db.router import alias_of, context_labels
from config.kernel.db.schema import grant_role, prepare_schema


def before_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Make the alias' schema; Django sends this for every app before it makes the first table of any."""
    if _is_home(sender, using):
        prepare_schema(using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Give the context's role its rights on what the migrations made."""
    if _is_home(sender, using):
        grant_role(using)


def _is_home(sender: Any, using: str) -> bool:
    return sender.label in context_labels() and alias_of(sender.label) == using
