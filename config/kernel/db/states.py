"""The column that holds a row's state, and the one way to write it.

A state is written by ``advance``, which asks the row's machine and lets the database settle races: the UPDATE names
the state that the row must still be in.
"""

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
    source, model = _state_of(row), type(row)
    if not machine_of(model).allows(source, to):
        raise _refused(model, source, to)
    values = _values(model, to, changes)
    if model._default_manager.filter(pk=row.pk, state=source).update(**values) != 1:
        raise _refused(model, source, to)
    for name, value in values.items():
        setattr(row, name, value)


def advance_all(rows: "models.QuerySet[Any]", to: StrEnum, **changes: Any) -> int:
    """Take those of ``rows`` that may go there to another state; returns how many went."""
    sources = machine_of(rows.model).sources(to)
    return rows.filter(state__in=sources).update(**_values(rows.model, to, changes))


def machine_of(model: type[models.Model]) -> StateMachine[Any]:
    """The machine of a model's rows."""
    column = model._meta.get_field("state")
    if not isinstance(column, StateField):
        raise TypeError(f"{model._meta.label} has no machine")
    return column.machine


def _state_of(row: Any) -> str:
    return str(row.state)


def _values(model: type[models.Model], to: StrEnum, changes: dict[str, Any]) -> dict[str, Any]:
    stamp = {"updated_at": clock.now()} if any(one.name == "updated_at" for one in model._meta.concrete_fields) else {}
    return {"state": to.value, **stamp, **changes}


def _refused(model: type[models.Model], source: str, to: StrEnum) -> Conflict:
    name = str(model._meta.verbose_name)
    return Conflict(f"This {name} cannot go from {source} to {to}; read it again.", code="state_step_refused")
