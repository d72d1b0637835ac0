"""Rows by prepared statements, for the few reads and writes that everybody waits for.

They do what ``save()`` and ``filter(id=…).first()`` do for a model without signals, at a fifth of the processor time:
the statement is written once a model and planned once a connection.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections, models

from config.kernel.db.context import ContextDatabase
from config.kernel.db.router import alias_of

Row = TypeVar("Row", bound=models.Model)


class RowGone(RuntimeError):
    """The row that was to be changed is not there."""


def row_by_id(model: type[Row], row_id: UUID, *, lock: bool = False) -> Row | None:
    """The row of this id, or ``None``; ``lock``: held for us until the transaction ends."""
    alias, names, columns = _selecting(model)
    statement = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE id = %s' + (" FOR UPDATE" if lock else "")
    with ContextDatabase(alias).prepared() as cursor:
        found = cursor.execute(statement, [row_id], prepare=True).fetchone()
    return model.from_db(alias, names, found) if found else None


def row_and(model: type[Row], row_id: UUID, expression: str) -> tuple[Row, Any] | None:
    """The row of this id, and what an SQL expression over it is worth."""
    alias, names, columns = _selecting(model)
    statement = f'SELECT {columns}, {expression} FROM "{model._meta.db_table}" WHERE id = %s'
    with ContextDatabase(alias).prepared() as cursor:
        found = cursor.execute(statement, [row_id], prepare=True).fetchone()
    return (model.from_db(alias, names, found[:-1]), found[-1]) if found else None


def rows_where(model: type[Row], condition: str, values: Sequence[Any]) -> list[Row]:
    """The rows under a condition in SQL, which may go on with their order."""
    alias, names, columns = _selecting(model)
    statement = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {condition}'
    with ContextDatabase(alias).prepared() as cursor:
        found = cursor.execute(statement, values, prepare=True).fetchall()
    return [model.from_db(alias, names, one) for one in found]


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Add new rows of one model in one statement."""
    if not rows:
        return
    model = type(rows[0])
    alias, fields, beginning, group = _inserting(model)
    values = [value for row in rows for value in _values(row, fields, alias, add=True)]
    with ContextDatabase(alias).prepared() as cursor:
        cursor.execute(beginning + ", ".join([group] * len(rows)), values, prepare=True)
    for row in rows:
        row._state.adding, row._state.db = False, alias


def insert_alike(common: models.Model, columns: Mapping[str, Sequence[Any]]) -> None:
    """Add rows that are as ``common`` but for a few columns, in one statement however many they are.

    ``columns``: the values of each of these, in the order of the rows; the id is one of them where the row has one.
    """
    alias, fields, statement = _inserting_alike(type(common), tuple(columns))
    connection = connections[alias]
    varying = [
        [field.get_db_prep_save(value, connection=connection) for value in columns[field.attname]]
        for field in fields
        if field.attname in columns
    ]
    if not varying or not varying[0]:
        return
    same = _values(common, [field for field in fields if field.attname not in columns], alias, add=True)
    with ContextDatabase(alias).prepared() as cursor:
        cursor.execute(statement, [*same, *varying], prepare=True)


def update_row(row: models.Model) -> None:
    """Write every field of a row that is there. Raises ``RowGone``."""
    alias, fields, statement = _updating(type(row))
    with ContextDatabase(alias).prepared() as cursor:
        cursor.execute(statement, [*_values(row, fields, alias, add=False), row.pk], prepare=True)
        if cursor.rowcount != 1:
            raise RowGone(f"no {row._meta.label} of this id")


def _values(row: models.Model, fields: Sequence[Any], alias: str, *, add: bool) -> list[Any]:
    connection = connections[alias]
    return [field.get_db_prep_save(field.pre_save(row, add), connection=connection) for field in fields]


@cache
def _selecting(model: type[models.Model]) -> tuple[str, list[str], str]:
    fields = model._meta.concrete_fields
    if any(field.get_db_converters(connections[alias_of(model._meta.app_label)]) for field in fields):
        raise TypeError(f"{model._meta.label} has fields that Django converts: read it by the ORM")
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return alias_of(model._meta.app_label), [field.attname for field in fields], columns


@cache
def _inserting(model: type[models.Model]) -> tuple[str, tuple[Any, ...], str, str]:
    fields = tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    group = f"({', '.join(['%s'] * len(fields))})"
    return alias_of(model._meta.app_label), fields, f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ', group


@cache
def _inserting_alike(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...], str]:
    alias = alias_of(model._meta.app_label)
    fields = tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    if missing := set(names) - {field.attname for field in fields}:
        raise TypeError(f"{model._meta.label} has no {', '.join(sorted(missing))}")
    # Without lengths: a cast to one would cut what is too long, where an assignment refuses it.
    kinds = {field: str(field.db_type(connections[alias])).partition("(")[0] for field in fields}
    varying = [field for field in fields if field.attname in names]
    same = [field for field in fields if field.attname not in names]
    columns = ", ".join(f'"{field.column}"' for field in (*same, *varying))
    chosen = ", ".join([*(f"%s::{kinds[field]}" for field in same), *(f'added."{field.column}"' for field in varying)])
    arrays = ", ".join(f"%s::{kinds[field]}[]" for field in varying)
    as_columns = ", ".join(f'"{field.column}"' for field in varying)
    rows = f"unnest({arrays}) AS added ({as_columns})"
    return alias, fields, f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {chosen} FROM {rows}'


@cache
def _updating(model: type[models.Model]) -> tuple[str, tuple[Any, ...], str]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    return alias_of(model._meta.app_label), fields, f'UPDATE "{model._meta.db_table}" SET {columns} WHERE id = %s'
