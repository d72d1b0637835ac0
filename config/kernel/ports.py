"""Named lists of functions that contexts offer upwards: a lower context asks here, never a higher one."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_providers: dict[str, list[Callable[..., Any]]] = defaultdict(list)


def provide(name: str, function: Callable[..., Any]) -> None:
    """Offer ``function`` under ``name``; offering the same one twice has no effect."""
    if function not in _providers[name]:
        _providers[name].append(function)


def collect(name: str) -> tuple[Callable[..., Any], ...]:
    """Everything offered under ``name``, in the order it was offered."""
    return tuple(_providers[name])
