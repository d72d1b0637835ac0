"""What every table of states must show: a row takes each step of its specification, and no other."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from config.kernel.db.states import StateField, advance, advance_all, column_of
from config.kernel.editions.models import AbstractEdition
from config.kernel.errors import Conflict
from config.kernel.jobs.models import AbstractJob
from config.kernel.outbox.models import AbstractOutboxEntry

SHARED = (AbstractEdition, AbstractJob, AbstractOutboxEntry)
# Where a row begins, and whither it may go from each state.
Specified = tuple[str, dict[str, str]]


def machines_of(context: str) -> dict[str, type[models.Model]]:
    """The models of a context whose state has a machine of its own, not one that every context's tables share."""
    return {
        model.__name__: model
        for model in apps.get_app_config(context).get_models()
        if not issubclass(model, SHARED)
        and any(isinstance(column, StateField) for column in model._meta.concrete_fields)
    }


def is_as_specified(model: type[models.Model], specified: Specified) -> None:
    begins, steps = specified
    machine = column_of(model).machine
    told = {str(state): set(machine.targets(state)) for state in machine.states if machine.targets(state)}
    assert machine.begins == begins
    assert told == {state: set(targets.split()) for state, targets in steps.items()}
    assert machine.ends == set(machine.states) - set(steps)


def takes_every_step_and_no_other(row: Any, specified: Specified) -> None:
    row.save()
    machine, rows, column = column_of(type(row)).machine, type(row).objects.filter(pk=row.pk), column_of(type(row)).name
    for source in machine.states:
        for target in machine.states:
            rows.update(**{column: source.value})
            row.refresh_from_db()
            if target in specified[1].get(source, "").split():
                advance(row, target)
                assert getattr(row, column) == rows.values_list(column, flat=True).get() == target
                rows.update(**{column: source.value})
                assert advance_all(rows, target) == 1
                assert rows.values_list(column, flat=True).get() == target
                continue
            with pytest.raises(Conflict) as refusal:
                advance(row, target)
            assert refusal.value.code == "state_step_refused"
            assert advance_all(rows, target) == 0
            assert getattr(row, column) == rows.values_list(column, flat=True).get() == source
