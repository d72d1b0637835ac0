"""How the processor time of something grows with its input: counted in this thread alone, whatever else runs beside."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable

SMALLEST, GATE, LARGEST = 512, 4_096, 65_536
#: Per million pairs of signs: less than this proves that the time is not quadratic, which takes a step for each pair.
LITTLE_SECONDS = 0.0005
#: Long enough to be measured well; larger inputs would only make the check slow.
ENOUGH_SECONDS = 0.03
MAX_EXPONENT = 1.2
_ROUNDS = 3


def exponent(run: Callable[[str], object], make: Callable[[int], str], *, largest: int = LARGEST) -> float:
    """The exponent of the time over the two last doublings of the input; the least of several rounds, 0 if little.

    A round that something disturbed is repeated: what grows too fast does so each time.
    """
    if _little(run, make, largest):
        return 0.0
    least = math.inf
    for _ in range(_ROUNDS):
        least = min(least, _once(run, make, largest))
        if least <= MAX_EXPONENT:
            break
    return least


def _little(run: Callable[[str], object], make: Callable[[int], str], largest: int) -> bool:
    """Whether it takes so little that it cannot be quadratic."""
    for size in (SMALLEST, GATE, *((largest,) if largest > GATE else ())):
        if _seconds(run, make(size)) > max(size, GATE) ** 2 / 2e6 * LITTLE_SECONDS:
            return False
    return True


def _once(run: Callable[[str], object], make: Callable[[int], str], largest: int) -> float:
    size, took = SMALLEST, [0.0]
    while True:
        text = make(size)
        took.append(min(_seconds(run, text) for _ in range(2)))
        if (took[-1] >= ENOUGH_SECONDS and len(took) > 3) or size >= largest:
            return math.log2(took[-1] / max(took[-3], 1e-7)) / 2
        size *= 2


def _seconds(run: Callable[[str], object], text: str) -> float:
    """Without the collector: what it looks through is all that the process holds, and it comes when it likes."""
    collects = gc.isenabled()
    gc.disable()
    try:
        begun = time.thread_time()
        run(text)
        return time.thread_time() - begun
    finally:
        if collects:
            gc.enable()


def repeated(unit: str, *, before: str = "", after: str = "") -> Callable[[int], str]:
    """A maker of texts of a size: ``unit`` again and again, with something in front of and behind all."""
    return lambda size: before + unit * max(1, (size - len(before) - len(after)) // max(1, len(unit))) + after
