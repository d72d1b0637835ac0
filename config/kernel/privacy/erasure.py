"""Taking a person's rows out of one context.

A model's ``on_erasure`` says what happens: ``delete`` (the rule), ``tombstone`` (the row stays without what was sealed
in it, so that a case or a signature can be counted and told from one that never was), or ``keep`` (proof that is owed,
and holds no more than ids and instants: the audit, consents).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from config.kernel.crypto.inventory import sealed_models
from config.kernel.db.router import context_labels
from config.kernel.privacy.inventory import PersonalModel, personal_models

DELETE, TOMBSTONE, KEEP = "delete", "tombstone", "keep"


def rule_of(model: Any) -> str:
    """What happens to the rows of a model at an erasure."""
    return str(getattr(model, "on_erasure", DELETE))


def every_erasure_rule_is_one(
    app_configs: Any = None, *, of: Iterable[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E007: a rule that nobody carries out would keep a person's rows, and say that they are gone."""
    if of is None:
        of = (model for context in context_labels() for model in apps.get_app_config(context).get_models())
    return [
        Error(f"{model._meta.label}: {fault}", obj=model, id="kernel.E007") for model in of for fault in _faults(model)
    ]


def _faults(model: Any) -> Iterator[str]:
    rules, rule = (DELETE, TOMBSTONE, KEEP), rule_of(model)
    if rule not in rules:
        yield f"on_erasure is {rule}; it is one of {', '.join(rules)}."
    blanked = set(getattr(model, "blank_on_erasure", {}))
    for name in sorted(blanked - {field.name for field in model._meta.concrete_fields}):
        yield f"blank_on_erasure names {name}, which is no column."
    if blanked and rule != TOMBSTONE:
        yield f"blank_on_erasure empties nothing where on_erasure is {rule}."


def erase_rows(context: str, subject_id: UUID) -> int:
    """Delete, or empty, the rows of every personal table of a context; returns how many. Inside ``atomic()``."""
    touched = 0
    tables = personal_models(context)
    for table in tables:
        if rule_of(table.model) == TOMBSTONE:
            touched += _emptied(table, subject_id)
    for table in _children_first([table for table in tables if rule_of(table.model) == DELETE]):
        touched += _owned(table, subject_id).delete()[0]
    return touched


def _owned(table: PersonalModel, subject_id: UUID) -> models.QuerySet[Any]:
    """The rows that are the person's own: what another person's case says of them stays with that case."""
    own = next((path for path in table.paths if path.endswith("patient_id")), table.paths[0])
    manager = table.model._default_manager
    rows: models.QuerySet[Any] = table.rows_of(subject_id).using(table.rows_of(subject_id).db)
    return rows.filter(pk__in=manager.using(rows.db).filter(**{own: subject_id}).values("pk")).order_by()


def _emptied(table: PersonalModel, subject_id: UUID) -> int:
    sealed = next((one for one in sealed_models(table.context) if one.model is table.model), None)
    blank: dict[str, Any] = dict(getattr(table.model, "blank_on_erasure", {}))
    for name in sealed.fields if sealed else ():
        blank[name] = None if table.model._meta.get_field(name).null else b""
    rows = _owned(table, subject_id)
    return rows.update(**blank) if blank else 0


def _children_first(tables: list[PersonalModel]) -> list[PersonalModel]:
    """So that no row is deleted while another one points to it."""
    ordered: list[PersonalModel] = []
    waiting = list(tables)
    while waiting:
        parents = {
            field.related_model
            for table in waiting
            for field in table.model._meta.concrete_fields
            if field.related_model is not None and field.related_model is not table.model
        }
        ready = [table for table in waiting if table.model not in parents] or waiting[:1]
        ordered += ready
        waiting = [table for table in waiting if table not in ready]
    return ordered
