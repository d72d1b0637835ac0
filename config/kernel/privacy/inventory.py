"""Every table that holds something about a person, and the way from its rows to the person's id.

The way is found by the names of fields: ``patient_id``, ``user_id``, ``subject_id``, or through a relation to a table
that has one. A row may be about several people (an offer is about its patient and its specialist). A model may name
its ways itself by ``personal_to``, or say by ``not_personal`` why its rows are about nobody; the check kernel.E004
refuses a model of which neither is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from config.kernel.db.router import alias_of, context_labels

_DIRECT = ("patient_id", "user_id", "subject_id")


@dataclass(frozen=True)
class PersonalModel:
    """One table and its ways to people."""

    context: str
    model: Any
    paths: tuple[str, ...]

    def rows_of(self, subject_id: UUID) -> models.QuerySet[Any]:
        """The rows about a person, on the context's alias."""
        about = models.Q(pk__in=[])
        for path in self.paths:
            about |= models.Q(**{path: subject_id})
        manager = self.model._default_manager.using(alias_of(self.context))
        found: models.QuerySet[Any] = manager.filter(about).order_by("pk")
        return found


def personal_models(context: str) -> tuple[PersonalModel, ...]:
    """The personal tables of one context, by name."""
    found = []
    for model in apps.get_app_config(context).get_models():
        paths = _paths(model, {})
        if paths:
            found.append(PersonalModel(context, model, paths))
    return tuple(sorted(found, key=lambda one: str(one.model._meta.db_table)))


def every_table_says_whose_it_is(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E004: a table that no export would ever hold."""
    problems: list[CheckMessage] = []
    for context in sorted(context_labels()):
        for model in apps.get_app_config(context).get_models():
            if not _paths(model, {}) and not getattr(model, "not_personal", ""):
                advice = "name by personal_to whom its rows are about, or say by not_personal why not."
                problems.append(Error(f"{model._meta.label}: {advice}", obj=model, id="kernel.E004"))
    return problems


def _paths(model: Any, seen: Mapping[Any, None]) -> tuple[str, ...]:
    if getattr(model, "not_personal", ""):
        return ()
    named: tuple[str, ...] | None = getattr(model, "personal_to", None)
    if named is not None:
        return named
    if model in seen:
        return ()
    columns = {field.attname for field in model._meta.concrete_fields}
    paths = [name for name in _DIRECT if name in columns]
    for field in model._meta.concrete_fields:
        related = field.related_model
        # A relation to an account stands under its column's own name above.
        if related is not None and related not in seen and field.attname not in _DIRECT:
            paths += [f"{field.name}__{path}" for path in _paths(related, {**seen, model: None})]
    return tuple(dict.fromkeys(paths))
