"""Spending from limits, and giving back what was spent for nothing."""

import math
from collections.abc import Sequence

from config.kernel.conf import setting
from config.kernel.crypto import blind_index
from config.kernel.errors import TooMany, Unavailable
from config.kernel.limits import store
from config.kernel.limits.headers import Standing, forget, note, remember, spent
from config.kernel.limits.rules import Counter

RETRY_AFTER_SECONDS = 5


def spend(*counters: Counter) -> tuple[Standing, ...]:
    """Count one try in every counter, or in none when one is full (``TooMany``, with the longest wait).

    While nobody can count: ``Unavailable`` when one of the limits is strict, else nothing is counted.
    """
    if not counters:
        return ()
    bounds = [(_capacity(counter), counter.limit.seconds * 1000) for counter in counters]
    try:
        full, counts = store.count([_key(counter) for counter in counters], bounds)
    except store.StoreDown:
        if any(counter.limit.strict for counter in counters):
            raise Unavailable(
                "Tries cannot be counted now, so none is allowed; try again.", retry_after=RETRY_AFTER_SECONDS
            ) from None
        return ()
    found = tuple(
        _standing(counter, capacity, *pair)
        for counter, (capacity, _), pair in zip(counters, bounds, counts, strict=True)
    )
    note(found)
    if not full:
        remember(counters)
    if full:
        wait = max(standing.resets_in for standing in found if standing.remaining == 0)
        raise TooMany(_too_many(max(1, wait)), retry_after=max(1, wait))
    return found


def spend_each(groups: Sequence[Sequence[Counter]]) -> list[bool]:
    """Count one try in every counter of each group, or in none of a group with a full one; whether it was counted.

    One round trip for all, for work that no request waits for. While nobody can count: as ``spend`` has it.
    """
    keys = {counter: _key(counter) for group in groups for counter in group}
    wanted = [
        [(keys[counter], _capacity(counter), counter.limit.seconds * 1000) for counter in group] for group in groups
    ]
    try:
        return store.count_each(wanted) if keys else [True for _ in groups]
    except store.StoreDown:
        if any(counter.limit.strict for counter in keys):
            raise Unavailable(
                "Tries cannot be counted now, so none is allowed; try again.", retry_after=RETRY_AFTER_SECONDS
            ) from None
        return [True for _ in groups]


def _too_many(seconds: int) -> str:
    """For people, who see no header."""
    minutes = math.ceil(seconds / 60)
    if minutes < 2:
        return f"Too many tries; try again in {seconds} seconds."
    return f"Too many tries; try again in {minutes} minutes."


def give_back(*counters: Counter) -> None:
    """Take back one try (it succeeded, so it was none to be counted). Without the store there is nothing to do."""
    forget(counters)
    if not counters:
        return
    try:
        store.lower([_key(counter) for counter in counters])
    except store.StoreDown:
        return


def give_back_for_failure() -> None:
    """Take back what the present request spent: we failed it. Guesses stay counted."""
    give_back(*(counter for counter in spent() if not counter.limit.guessing))


def _standing(counter: Counter, capacity: int, count: int, milliseconds: int) -> Standing:
    limit = counter.limit
    resets_in = math.ceil(milliseconds / 1000) if milliseconds > 0 else limit.seconds
    return Standing(limit.name, capacity, limit.seconds, max(0, capacity - count), resets_in)


def _capacity(counter: Counter) -> int:
    # Limits of a route can be widened for a load test; those on guessing (strict, by subject) cannot.
    fixed = counter.limit.by == "subject"
    return counter.limit.capacity if fixed else max(1, round(counter.limit.capacity * setting("RATE_LIMITS_SCALE")))


def _key(counter: Counter) -> str:
    # Keyed, so that nobody reads an address out of Valkey.
    subject = blind_index("limits", f"{counter.limit.name}\x1f{counter.subject}").hex()[:32]
    return f"{setting('LIMITS_PREFIX')}:{counter.limit.name}:{subject}"
