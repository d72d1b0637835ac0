"""What an index serves: which conditions lead to their rows at once, and in which orders rows come without sorting."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

Step = tuple[str, bool]


def _indexes(model: type[models.Model]) -> Iterator[tuple[list[Step], models.Q | None]]:
    """Of every index its columns, each with whether it falls, and the condition of a partial one."""
    meta: Any = model._meta
    yield [(meta.pk.name, False)], None
    for field in meta.concrete_fields:
        if field.db_index or field.unique:
            yield [(field.name, False)], None
    for index in meta.indexes:
        if index.fields:
            yield _steps(model, index.fields), index.condition
    for one in meta.constraints:
        if isinstance(one, models.UniqueConstraint) and one.fields:
            yield _steps(model, one.fields), one.condition


def _steps(model: type[models.Model], names: Sequence[str]) -> list[Step]:
    pk = model._meta.pk.name
    steps = []
    for name in names:
        bare = name.removeprefix("-")
        bare = pk if bare == "pk" else model._meta.get_field(bare).name
        steps.append((bare, name.startswith("-")))
    return steps


def _holds(condition: models.Q | None, field: str, value: Any) -> bool:
    """Whether a partial index holds every row with this value: for conditions on that one field."""
    if condition is None:
        return True
    if len(condition.children) != 1 or not isinstance(condition.children[0], tuple):
        return False
    name, wanted = condition.children[0]
    bare, _, lookup = name.partition("__")
    if bare != field or lookup not in ("", "exact", "in", "isnull"):
        return False
    meets = (value is None) == wanted if lookup == "isnull" else value in wanted if lookup == "in" else value == wanted
    return meets != condition.negated


def leads(model: type[models.Model], field: str, value: Any) -> bool:
    """Whether the rows with this value are found by it alone."""
    return any(
        (steps[0][0] == field and _holds(condition, field, value))
        or (condition is not None and _holds(condition, field, value))
        for steps, condition in _indexes(model)
    )


def in_order(model: type[models.Model], order: Sequence[Any], field: str = "", value: Any = None) -> bool:
    """Whether an index gives all rows, or those with the value of ``field``, in this order."""
    if not all(isinstance(name, str) and "__" not in name for name in order):
        return False
    wanted = _steps(model, order)
    for steps, condition in _indexes(model):
        if condition is not None and not (field and _holds(condition, field, value)):
            continue
        rest = steps[1:] if field and steps[0][0] == field else steps
        if field and rest is steps and condition is None:
            continue
        if _same(rest, wanted) or (len(rest) == 1 and rest[0][0] == wanted[0][0] and _nearly_unique(model, rest[0][0])):
            return True
    return False


def _same(steps: list[Step], wanted: list[Step]) -> bool:
    turned = [(name, not falls) for name, falls in steps]
    return wanted in (steps, turned)


def _nearly_unique(model: type[models.Model], name: str) -> bool:
    """Few rows share a value, so that these few may be sorted."""
    field: Any = model._meta.get_field(name)
    return bool(field.unique or field.many_to_one)


def tie(model: type[models.Model], name: str) -> str:
    """In which direction the key settles ties of this column: as its index does, so that the index serves."""
    bare, falls = name.removeprefix("-"), name.startswith("-")
    pk = model._meta.pk.name
    for steps, condition in _indexes(model):
        if condition is None and len(steps) == 2 and steps[0][0] == bare and steps[1][0] == pk:
            return "-pk" if steps[1][1] != (steps[0][1] != falls) else "pk"
    return "-pk"
