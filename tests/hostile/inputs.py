"""Inputs that a backtracking matcher finds hard: a fixed list, and those that a pattern's own repetitions suggest."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # how a pattern was understood
from typing import Any

from tests.hostile.growth import repeated

Maker = Callable[[int], str]

RUNS = (
    "A", "a", "1", " ", "\t", "\n", "1.", "- ", ">=", "a ", "A ", "1 ", '"', "(", "[", "/", ",", "1,", "1,111", "a@",
    "a.", ":", " \n", "\r\n", "-", "1-", "1/", "*", "#", "_", "é", "ß", "a-", "A1", "Aa ", ">= ", "<", "\\", "{", "'",
    "a, ", "a=", "+1 ", "0", "00", "0-", "a@a.", "of ", "no ", "mg ", "name ", "1 mg ", "\u00a0", "\u3000",
)  # fmt: skip
SHORT_RUNS = ("A", "a ", "1", " ", "\t", "\n", "1.", "- ", ">=", "1,", "a.", '"')
_PROBES = 'aA1 \t\n.-/,:()"@_*é>=|;#'
_TAILS = ("", "\x00")
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_SIGNS = (_constants.IN, _constants.ANY, _constants.NOT_LITERAL, _constants.LITERAL)
#: Patterns of many words suggest the same again and again.
MAX_DERIVED = 60
#: A repetition that is bounded below this is a constant.
_MANY = 30


def fixed(*, short: bool = False) -> Iterator[tuple[str, Maker]]:
    """The list that every pattern meets, whatever it is."""
    for unit in SHORT_RUNS if short else RUNS:
        for tail in _TAILS[1:] if short else _TAILS:
            yield f"{unit!r}… {tail!r}", repeated(unit, after=tail)


def derived(pattern: re.Pattern[Any], *, short: bool = False) -> Iterator[tuple[str, Maker]]:
    """What fits the front of the pattern, and then one of its repetitions without an end."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = _parser.parse(source, flags)
    seen: set[str] = set()
    most = MAX_DERIVED if short else math.inf
    for before, unit in _pumped(tree, "", tree.state.flags | flags):
        for name, make in _shapes(before, unit, short=short):
            if name not in seen and len(seen) < most:
                seen.add(name)
                yield name, make


def _shapes(before: str, unit: str, *, short: bool) -> Iterator[tuple[str, Maker]]:
    for tail in _TAILS[1:] if short else _TAILS:
        yield f"{before!r} {unit!r}… {tail!r}", repeated(unit, before=before, after=tail)
        if before:
            yield f"({before + unit!r})… {tail!r}", repeated(before + unit, after=tail)
            if not short:
                yield f"({before + unit * 30!r})… {tail!r}", repeated(before + unit * 30, after=tail)


def _pumped(sequence: Any, before: str, flags: int) -> Iterator[tuple[str, str]]:
    for node in sequence:
        kind, told = node
        if kind in _REPEATS:
            _, most, inner = told
            yield from _pumped(inner, before, flags)
            if most == _constants.MAXREPEAT or most >= _MANY:
                yield from ((before, unit) for unit in _units(sequence, inner, flags))
        elif kind is _constants.SUBPATTERN:
            yield from _pumped(told[-1], before, flags)
        elif kind is _constants.ATOMIC_GROUP:
            yield from _pumped(told, before, flags)
        elif kind is _constants.BRANCH:
            for each in told[1]:
                yield from _pumped(each, before, flags)
        elif kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from _pumped(told[1], before, flags)
        before += _least([node], sequence, flags)


def _units(sequence: Any, inner: Any, flags: int) -> list[str]:
    """What one round of a repetition may be: a sign of each sort that fits, or the least that fits."""
    if len(inner) == 1 and inner[0][0] in _SIGNS:
        matcher = _compiler.compile(_parser.SubPattern(sequence.state, list(inner)), flags & ~re.DEBUG)
        found = [sign for sign in _PROBES if matcher.fullmatch(sign)]
        # No everyday sign: the first of the others that fits.
        found = found or [chr(code) for code in range(0x3000) if matcher.fullmatch(chr(code))][:1]
        return found[:6] or ["a"]
    return [_least(inner, sequence, flags) or "a"]


def _least(nodes: Any, sequence: Any, flags: int) -> str:
    """A short text that fits the nodes."""
    told = ""
    for node in nodes:
        kind, value = node
        if kind is _constants.LITERAL:
            told += chr(value)
        elif kind in (_constants.IN, _constants.ANY, _constants.NOT_LITERAL):
            told += _units(sequence, _parser.SubPattern(sequence.state, [node]), flags)[0]
        elif kind in _REPEATS:
            told += _least(value[2], sequence, flags) * value[0]
        elif kind is _constants.SUBPATTERN:
            told += _least(value[-1], sequence, flags)
        elif kind is _constants.ATOMIC_GROUP:
            told += _least(value, sequence, flags)
        elif kind is _constants.BRANCH:
            told += _least(value[1][0], sequence, flags)
    return told
