"""One alias, one schema, one role for each context."""

from typing import TYPE_CHECKING

from config.kernel.db.context import ContextDatabase
from config.kernel.db.identifiers import uuid7
from config.kernel.db.router import ContextRouter, alias_of, context_labels

if TYPE_CHECKING:
    from config.kernel.db.models import Entity, VersionedEntity

__all__ = [
    "ContextDatabase",
    "ContextRouter",
    "Entity",
    "VersionedEntity",
    "alias_of",
    "context_labels",
    "uuid7",
]


def __getattr__(name: str) -> type:
    # Model bases are resolved late: routers are imported before the app registry is ready.
    if name in ("Entity", "VersionedEntity"):
        from config.kernel.db import models

        return getattr(models, name)
    raise AttributeError(name)
