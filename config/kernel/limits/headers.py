"""Where the caller stands, and the headers that say so (IETF draft-ietf-httpapi-ratelimit-headers)."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from config.kernel.limits.rules import Counter

# Of the present request; a worker has none, and would remember for ever.
_seen: ContextVar[tuple["Standing", ...] | None] = ContextVar("limit_standings", default=None)
_spent: ContextVar[tuple[Counter, ...] | None] = ContextVar("limit_counters", default=None)


@dataclass(frozen=True)
class Standing:
    """One limit after a try: how many are left, and in how many seconds the count starts again."""

    name: str
    capacity: int
    seconds: int
    remaining: int
    resets_in: int


def starting() -> None:
    """Forget what an earlier request on this thread has spent."""
    _seen.set(())
    _spent.set(())


def note(standings: Sequence[Standing]) -> None:
    """Remember for the answer's headers what was spent on the way."""
    if (seen := _seen.get()) is not None:
        _seen.set((*seen, *standings))


def remember(counters: Sequence[Counter]) -> None:
    """What the present request has spent, so that it can be given back."""
    if (before := _spent.get()) is not None:
        _spent.set((*before, *counters))


def forget(counters: Sequence[Counter]) -> None:
    """What was given back is not given back again."""
    if (before := _spent.get()) is None:
        return
    left = list(before)
    for counter in counters:
        if counter in left:
            left.remove(counter)
    _spent.set(tuple(left))


def spent() -> tuple[Counter, ...]:
    """What the present request has spent and not been given back."""
    return _spent.get() or ()


def standings() -> tuple[Standing, ...]:
    """What the present request has spent."""
    return _seen.get() or ()


def limit_headers(standings: Sequence[Standing]) -> dict[str, str]:
    """``RateLimit-Policy`` names every limit, ``RateLimit`` where the caller stands in each; ``{}`` without any."""
    if not standings:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{s.name}";q={s.capacity};w={s.seconds}' for s in standings),
        "RateLimit": ", ".join(f'"{s.name}";r={s.remaining};t={s.resets_in}' for s in standings),
    }
