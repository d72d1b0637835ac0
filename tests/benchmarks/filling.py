"""Many rows in every table that staff see, made inside PostgreSQL: each row i refers to row i of every other table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.db import connections, models
from django.db.models.fields import NOT_PROVIDED

from config.kernel.db.router import alias_of

Model = type[models.Model]
# What a table's own rules ask for: column → SQL of row ``i``.
_OWN: dict[str, dict[str, str]] = {
    "professionals.CalendarEntry": {
        "starts_at": "now() + i * interval '2 h'",
        "ends_at": "now() + (i * 2 + 1) * interval '1 h'",
    },
    "professionals.Affiliation": {"organisation_id": "md5('professionals_organisation' || i)::uuid"},
    "professionals.VerificationDecision": {"decided_by": "NULL", "approved": "NULL"},
    "professionals.Evidence": {"licence_id": "md5('professionals_licence' || i)::uuid"},
    "professionals.Publication": {"state": "'PROPOSED'"},
    "professionals.Licence": {"valid_to": "current_date + 400"},
    "identity.RoleChange": {"decided_by": "NULL", "decided_at": "NULL", "approved": "NULL"},
    # Users by pairs: 1 with 2, 3 with 4.
    "identity.PatientMerge": {
        "alias_id": "md5('identity_user' || (i + 1 - 2 * ((i + 1) % 2)))::uuid",
        "state": "'PROPOSED'",
        "decided_by": "NULL",
    },
    "identity.User": {"email": "'filled-' || i || '@example.org'", "is_staff": "false"},
    # Those that nobody had to approve.
    "notifications.Campaign": {"state": "(ARRAY['DRAFT','SUBMITTED','CANCELLED'])[1 + i % 3]"},
    "cases.ServiceRating": {"score": "1 + i % 5"},
    "cases.Case": {
        "state": "(ARRAY['SUBMITTED','COLLECTING_RECORDS','TRIAGE','MATCHING','IN_REVIEW','CLOSED'])[1 + i % 6]",
        "state_since": "now() - i * interval '1 minute'",
    },
    "cases.ChecklistItem": {"code": "(ARRAY['medical_record','mri','pathology_report'])[1 + i % 3]"},
}


def shown_models() -> list[Model]:
    """Every table with a page, and the records that the board shows."""
    from cases.models import ChecklistItem, RecordRequest

    return sorted({*admin.site._registry, ChecklistItem, RecordRequest}, key=lambda model: model._meta.label)


def fill(count: int, *, first: int = 1) -> list[str]:
    """Add rows ``first`` to ``count`` to every table that staff see, and to those they refer to; returns the tables.

    ``first`` is odd and ``count`` even: some rows stand in pairs.
    """
    filled = []
    for model in _parents_first(shown_models()):
        with connections[alias_of(model._meta.app_label)].cursor() as cursor:
            cursor.execute(_statement(model, first, count))
        filled.append(model._meta.label)
    return filled


def _parents_first(wanted: Iterable[Model]) -> list[Model]:
    done: list[Model] = []
    seen: set[Model] = set()

    def visit(model: Model) -> None:
        if model not in seen:
            seen.add(model)
            for field in _columns(model):
                if isinstance(field.related_model, type):
                    visit(field.related_model)
            done.append(model)

    for one in wanted:
        visit(one)
    return done


def _columns(model: Model) -> Iterator[models.Field[Any, Any]]:
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.AutoField) and not field.generated:
            yield field


def _statement(model: Model, first: int, count: int) -> str:
    own, names, values = _OWN.get(model._meta.label, {}), [], []
    for field in _columns(model):
        column = str(field.column)
        names.append(f'"{column}"')
        values.append(own[column] if column in own else _value(model, field))
    return (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(names)})'
        f" SELECT {', '.join(values)} FROM generate_series({first}, {count}) AS i"
    )


def row_id(model: Model, number: str = "i") -> str:
    """The id of a filled row, as SQL."""
    return f"md5('{model._meta.db_table}' || {number})::uuid"


def _value(model: Model, field: Any) -> str:
    target = field.related_model
    if isinstance(target, type):
        if field.null:
            return "NULL"
        return row_id(target)
    if field.primary_key and isinstance(field, models.UUIDField):
        return row_id(model)
    if field.choices and not field.unique:
        known = ", ".join("'" + str(value).replace("'", "''") + "'" for value, _ in field.flatchoices)
        return f"(ARRAY[{known}])[1 + i % {len(field.flatchoices)}]"
    if field.name in _filters(model) and field.get_internal_type() == "CharField":
        # Staff filter by what has a few values, which a page lists.
        return f"left('{field.column}', {field.max_length} - 1) || i % 8"
    return _by_type(field)


def _filters(model: Model) -> set[str]:
    shown = admin.site._registry.get(model)
    return {one for one in (shown.list_filter if shown else ()) if isinstance(one, str)}


def _by_type(field: Any) -> str:
    kind = field.get_internal_type()
    if field.null and kind not in ("BooleanField", "TextField", "CharField"):
        return "NULL"
    if kind in ("CharField", "TextField", "EmailField", "SlugField"):
        return f"left(md5('{field.column}' || i), {field.max_length or 32})"
    if kind in ("JSONField",):
        empty = field.get_default() if field.default is not NOT_PROVIDED else {}
        return "'{}'::jsonb" if isinstance(empty, dict) else "'[]'::jsonb"
    fixed = {
        "UUIDField": f"md5('{field.column}' || i)::uuid",
        "DateTimeField": "now() - i * interval '1 minute'",
        "TimeField": "time '08:00'",
        "DateField": "current_date - (i % 900)::int",
        "BooleanField": "i % 2 = 0",
        "BinaryField": f"decode(md5('{field.column}' || i), 'hex')",
        "GenericIPAddressField": "'192.0.2.1'::inet",
        "FloatField": "i::float",
        "SearchVectorField": "''::tsvector",
        "ArrayField": "'{}'",
        "TransactionIdField": "pg_current_xact_id()",
    }
    if kind in fixed:
        return fixed[kind]
    if "Integer" in kind:
        return "i" if field.unique or "Big" in kind else "1 + i % 5" if field.name != "number" else "1 + i % 30000"
    raise NotImplementedError(f"{field}: say what a filled row holds")
