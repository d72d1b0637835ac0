"""The column that holds a row's state, and the one way to write it.

A state is written by ``advance``, which asks the row's machine and lets the database settle races: the UPDATE names
the state that the row must still be in. Statements written in SQL take both from ``sql_step``, which asks as well.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models

from config.kernel import clock
from config.kernel.errors import Conflict
from config.kernel.state_machine import StateMachine

if TYPE_CHECKING:
    _Column = models.CharField[str, str]
else:
    _Column = models.CharField


class StateField(_Column):
    """A column of states: its choices and where a row begins come from the machine."""

    def __init__(self, machine: StateMachine[Any], **options: Any) -> None:
        self.machine = machine
        labels = [(state.value, state.value.replace("_", " ").title()) for state in machine.states]
        super().__init__(**(options | {"choices": labels, "default": machine.begins.value}))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """To migrations it is a column of characters, so that none of them names a module of ours."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", list(args), dict(options)

    def clone(self) -> "StateField":
        """As Django asks of a field whose ``deconstruct`` does not name it."""
        _, _, _, options = self.deconstruct()
        return type(self)(self.machine, **options)


def advance(row: models.Model, to: StrEnum, **changes: Any) -> None:
    """Take one row to another state and write ``changes`` with it, in one statement.

    ``Conflict`` for a step that the machine does not have, and for a row that is not any more as it was read: then
    somebody else was first, and nothing is written.
    """
    model, column = type(row), column_of(type(row))
    source = str(getattr(row, column.name))
    if not column.machine.allows(source, to):
        raise _refused(model, source, to)
    values = _values(model, column, to, changes)
    if model._default_manager.filter(**{"pk": row.pk, column.name: source}).update(**values) != 1:
        raise _refused(model, source, to)
    for name, value in values.items():
        setattr(row, name, value)


def advance_all(rows: "models.QuerySet[Any]", to: StrEnum, **changes: Any) -> int:
    """Take those of ``rows`` that may go there to another state; returns how many went."""
    column = column_of(rows.model)
    going = rows.filter(**{f"{column.name}__in": column.machine.sources(to)})
    return going.update(**_values(rows.model, column, to, changes))


@dataclass(frozen=True, kw_only=True)
class SqlStep:
    """One step as the two words that a statement needs, quoted: the state that it leaves, and the one it leads to."""

    source: str
    target: str


def sql_step(machine: StateMachine[Any], source: StrEnum, target: StrEnum) -> SqlStep:
    """A step for an UPDATE in SQL; ``ValueError``, when the module is loaded, for one that the machine lacks."""
    if not machine.allows(source, target):
        raise ValueError(f"nothing goes from {source} to {target}")
    return SqlStep(source=f"'{source}'", target=f"'{target}'")


def column_of(model: type[models.Model]) -> StateField:
    """The column that holds the state of a model's rows."""
    found = [column for column in model._meta.concrete_fields if isinstance(column, StateField)]
    if len(found) != 1:
        raise TypeError(f"{model._meta.label} has no machine")
    return found[0]


def _values(model: type[models.Model], column: StateField, to: StrEnum, changes: dict[str, Any]) -> dict[str, Any]:
    stamp = {"updated_at": clock.now()} if any(one.name == "updated_at" for one in model._meta.concrete_fields) else {}
    return {column.name: to.value, **stamp, **changes}


def _refused(model: type[models.Model], source: str, to: StrEnum) -> Conflict:
    name = str(model._meta.verbose_name)
    return Conflict(f"This {name} cannot go from {source} to {to}; read it again.", code="state_step_refused")
