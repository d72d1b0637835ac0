"""No regular expression of the product takes more than linear time, whatever text it is given.

Every pattern is found in the source. The suite gives each a short list of inputs; `SOP_HOSTILE_TEXT=1` gives all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.hostile.growth import LARGEST, MAX_EXPONENT, exponent
from tests.hostile.inputs import derived, fixed
from tests.hostile.patterns import Site, sites
from tests.hostile.places import MADE, USES

FULL = os.environ.get("SOP_HOSTILE_TEXT") == "1"
#: In the suite, a size at which what is quadratic is seen, and what is linear takes nearly nothing.
SIZE = LARGEST if FULL else 16_384
PARTS = 4


def placed(site: Site) -> tuple[tuple[re.Pattern[Any], ...], frozenset[str]]:
    """The patterns of a place and how they are used; the tables know what the source does not tell."""
    patterns = site.patterns or (MADE[site.key]() if site.key in MADE else ())
    return patterns, site.methods or USES.get(site.key, frozenset())


def runs(pattern: re.Pattern[Any], methods: frozenset[str]) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The pattern as the product uses it: at one place, over the whole text, or searching all of it."""
    encoded = isinstance(pattern.pattern, bytes)

    def given(text: str) -> Any:
        return text.encode("latin-1", "replace") if encoded else text

    if methods - {"match", "fullmatch"}:
        yield "search", lambda text: sum(1 for _ in pattern.finditer(given(text)))
    if "match" in methods:
        yield "match", lambda text: pattern.match(given(text))
    if "fullmatch" in methods:
        yield "fullmatch", lambda text: pattern.fullmatch(given(text))


def every_pattern() -> dict[tuple[str, str, frozenset[str]], tuple[re.Pattern[Any], frozenset[str]]]:
    found = {}
    for site in sites():
        patterns, methods = placed(site)
        for pattern in patterns:
            found[site.key, repr(pattern.pattern), methods] = pattern, methods
    return found


def slow(pattern: re.Pattern[Any], methods: frozenset[str]) -> Iterator[str]:
    inputs = [*fixed(short=not FULL), *derived(pattern, short=not FULL)]
    for how, run in runs(pattern, methods):
        for name, make in inputs:
            grows = exponent(run, make, largest=SIZE)
            if grows > MAX_EXPONENT:
                yield f"{how} of {pattern.pattern!r:.120} over {name}: exponent {grows:.2f}"


def test_every_pattern_of_the_product_has_its_place_in_this_check() -> None:
    unknown = [f"{site.key} (line {site.line})" for site in sites() if not all(placed(site))]
    assert not unknown, "name how it is used in tests/hostile/places.py"


@pytest.mark.parametrize("part", range(PARTS))
def test_no_pattern_takes_more_than_linear_time(part: int) -> None:
    everything = sorted(every_pattern().items(), key=lambda told: (told[0][0], told[0][1], sorted(told[0][2])))
    faults = [f"{key[0]}: {fault}" for key, told in everything[part::PARTS] for fault in slow(*told)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("source", [r"\w*\d!", r"[\w.]+@", r"\s*x:", r"(?i)no\b.*x.*y"])
def test_the_check_finds_what_grows(source: str) -> None:
    assert list(slow(re.compile(source), frozenset({"search"})))
