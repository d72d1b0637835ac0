"""System checks of the walls between the contexts' tables."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import router

from config.kernel.db.router import context_labels
from config.kernel.db.schema import all_aliases

# Django's own tables with relations to the user live with identity.
_WITH_IDENTITY = frozenset({"auth", "contenttypes", "admin", "sessions"})


def no_relations_between_contexts(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E001: a ForeignKey across contexts would tie two databases together."""
    return [
        Error(
            f"{model._meta.label}.{field.name} relates to {field.related_model._meta.label}, which belongs to"
            f" {_home(field.related_model)}: store the id instead.",
            obj=model,
            id="kernel.E001",
        )
        for model in apps.get_models(include_auto_created=True)
        for field in _relations(model)
        if _home(model) != _home(field.related_model)
    ]


def every_table_has_one_alias(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E002: a model that no router, or more than one alias, claims would be created in the wrong schema."""
    problems: list[CheckMessage] = []
    for model in apps.get_models():
        homes = [a for a in all_aliases() if router.allow_migrate_model(a, model)]
        if len(homes) != 1:
            text = f"{model._meta.label} belongs to {homes or 'no alias'}; a router must claim it for exactly one."
            problems.append(Error(text, obj=model, id="kernel.E002"))
    return problems


def _relations(model: Any) -> Iterator[Any]:
    for field in model._meta.get_fields():
        if field.is_relation and field.related_model and not field.auto_created:
            yield field


def _home(model: Any) -> str:
    label: str = model._meta.app_label
    if label in _WITH_IDENTITY:
        return "identity"
    return label if label in context_labels() else f"outside ({label})"
