"""Database routing: every context's tables live in its own alias, and nowhere else."""

from typing import Any, ClassVar

CONTEXTS = ("identity", "cases", "analysis", "professionals", "notifications")


def alias_of(context: str) -> str:
    """The database alias of a context; identity keeps Django's ``default``."""
    return "default" if context == "identity" else context


def context_labels() -> tuple[str, ...]:
    """The five contexts, in dependency order from the lowest."""
    return ("identity", "professionals", "cases", "analysis", "notifications")


class ContextRouter:
    """Routes the app labels of one context to its alias. Subclass it in ``<context>/router.py``."""

    alias: ClassVar[str]
    app_labels: ClassVar[frozenset[str]]

    def db_for_read(self, model: type, **hints: Any) -> str | None:
        """Reads go to the context's alias."""
        return self._alias_for(model)

    def db_for_write(self, model: type, **hints: Any) -> str | None:
        """Writes go to the context's alias."""
        return self._alias_for(model)

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        """Relations stay inside the context."""
        ours = [o._meta.app_label in self.app_labels for o in (obj1, obj2)]
        return all(ours) if any(ours) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Tables are made in the context's alias only."""
        if app_label in self.app_labels:
            return db == self.alias
        return False if db == self.alias else None

    def _alias_for(self, model: Any) -> str | None:
        return self.alias if model._meta.app_label in self.app_labels else None
