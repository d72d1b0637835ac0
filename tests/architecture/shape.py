"""What a context's services may offer: errors, frozen DTOs, keyword-only annotated functions."""

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any

from django.db import models


def problems(name: str, thing: Any) -> Iterator[str]:
    """Why ``thing`` may not be in ``services.__all__``, as sentences."""
    if inspect.isclass(thing):
        if issubclass(thing, Exception | enum.Enum):
            return
        if not dataclasses.is_dataclass(thing):
            yield f"{name} is a class and neither an error, an enumeration nor a dataclass"
        elif not thing.__dataclass_params__.frozen:  # type: ignore[attr-defined]  # set by the decorator
            yield f"{name} is a dataclass that can be changed"
        else:
            yield from _leaks(name, typing.get_type_hints(thing).values())
    elif inspect.isfunction(thing):
        yield from _function(name, thing)
    elif not isinstance(thing, str | int | float | frozenset | tuple):
        yield f"{name} is a {type(thing).__name__}"


def _function(name: str, function: types.FunctionType) -> Iterator[str]:
    hints = typing.get_type_hints(function)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            yield f"{name}({parameter.name}) can be given by position"
        if parameter.name not in hints:
            yield f"{name}({parameter.name}) has no type"
    if "return" not in hints:
        yield f"{name} does not say what it returns"
    else:
        yield from _leaks(name, [hints["return"]])


def _leaks(name: str, hints: typing.Iterable[Any]) -> Iterator[str]:
    for hint in hints:
        for part in _parts(hint):
            if inspect.isclass(part) and issubclass(part, models.Model | models.QuerySet | models.Manager):
                yield f"{name} gives away {part.__name__}"


def _parts(hint: Any) -> Iterator[Any]:
    yield typing.get_origin(hint) or hint
    for argument in typing.get_args(hint):
        yield from _parts(argument)
