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
_ROUNDS = 10
_FURTHER = 2
#: Nothing that disturbs makes linear work look like this.
_CLEAR = 1.7


def exponent(run: Callable[[str], object], make: Callable[[int], str], *, largest: int = LARGEST) -> float:
    """The exponent of the time over the two last doublings of the input, each at its quickest of several rounds.

    0 if it takes little. What something else disturbed (the neighbour of a core takes its cache too) is measured
    again; what grows too fast does so in each round, and with the next doublings too: a step, where longer texts are
    given to one more part of the program, does not.
    """
    if _little(run, make, largest):
        return 0.0
    quickest: dict[int, float] = {}
    for _ in range(_ROUNDS):
        _measure(run, make, largest, quickest)
        grows = _of_the_last(quickest)
        if grows <= MAX_EXPONENT or grows > _CLEAR:
            break
    for _ in range(_FURTHER):
        if grows <= MAX_EXPONENT or grows > _CLEAR:
            break
        size = max(quickest) * 2
        text = make(size)
        quickest[size] = min(_seconds(run, text) for _ in range(2))
        grows = _of_the_last(quickest)
    return grows


def _little(run: Callable[[str], object], make: Callable[[int], str], largest: int) -> bool:
    """Whether it takes so little that it cannot be quadratic."""
    for size in (SMALLEST, GATE, *((largest,) if largest > GATE else ())):
        if _seconds(run, make(size)) > max(size, GATE) ** 2 / 2e6 * LITTLE_SECONDS:
            return False
    return True


def _measure(
    run: Callable[[str], object], make: Callable[[int], str], largest: int, quickest: dict[int, float]
) -> None:
    """One round over the sizes, up to the largest that the first one needed."""
    sizes = sorted(quickest) or [SMALLEST * 2**step for step in range(int(math.log2(largest // SMALLEST)) + 1)]
    for done, size in enumerate(sizes, 1):
        text = make(size)
        took = min(_seconds(run, text) for _ in range(2))
        quickest[size] = min(took, quickest.get(size, math.inf))
        if took >= ENOUGH_SECONDS and done > 2 and len(quickest) == done:
            return


def _of_the_last(quickest: dict[int, float]) -> float:
    sizes = sorted(quickest)
    return math.log2(quickest[sizes[-1]] / max(quickest[sizes[-3]], 1e-7)) / 2


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
