"""Every sealed column of every context, found by the models themselves.

A model says with ``sealed_for`` whose key seals it: the path from the row to the person's id ("case__patient_id"), or
"master". Its sealed fields end in ``_sealed``; others are named in ``sealed_fields``. A field ``title_sealed`` of the
table ``cases_case`` is bound to the place (cases_case, title, row id). The check kernel.E003 finds what says nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from config.kernel.crypto.keys import Place
from config.kernel.db.router import alias_of, context_labels

MASTER = "master"
_SUFFIX = "_sealed"


@dataclass(frozen=True)
class SealedModel:
    """The sealed fields of one model, and whose key seals them."""

    context: str
    model: Any
    fields: tuple[str, ...]
    owner: str

    @property
    def rows(self) -> models.QuerySet[Any]:
        """Its rows, on its context's alias."""
        found: models.QuerySet[Any] = self.model._default_manager.using(alias_of(self.context)).order_by()
        return found

    def place(self, field: str, row_id: UUID) -> Place:
        """Where a cell of this model lives."""
        return Place(self.model._meta.db_table, field.removesuffix(_SUFFIX), row_id)


def sealed_models(context: str | None = None) -> tuple[SealedModel, ...]:
    """All models with sealed fields, of one context or of all."""
    return tuple(
        SealedModel(model._meta.app_label, model, fields, model.sealed_for)
        for model, fields in _found()
        if hasattr(model, "sealed_for") and context in (None, model._meta.app_label)
    )


def every_sealed_field_names_its_owner(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E003: a column that no rotation would ever reach."""
    problems: list[CheckMessage] = []
    for model, fields in _found():
        if not hasattr(model, "sealed_for"):
            text = f"{model._meta.label} seals {', '.join(fields)}: say by sealed_for whose key does."
            problems.append(Error(text, obj=model, id="kernel.E003"))
    return problems


def _found() -> Iterator[tuple[Any, tuple[str, ...]]]:
    for model in apps.get_models():
        if model._meta.app_label in context_labels():
            named: tuple[str, ...] = getattr(model, "sealed_fields", ())
            fields = [field.name for field in model._meta.concrete_fields]
            sealed = tuple(name for name in fields if name.endswith(_SUFFIX) or name in named)
            if sealed:
                yield model, sealed
