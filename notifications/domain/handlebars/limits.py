"""What a template may cost, and how it is told that one is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_SOURCE_BYTES = 20_000
MAX_OUTPUT_BYTES = 64_000
MAX_DEPTH = 6
MAX_ITEMS = 50
# Of one block: an if and what is asked after it.
MAX_BRANCHES = 20
# Lists within lists within lists do a lot of work before they write anything.
MAX_STEPS = 50_000
# More are not read by anybody.
MAX_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where it stands (both from 1), and what to write instead."""

    line: int
    column: int
    found: str
    advice: str

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}, {self.found}: {self.advice}"


class TemplateRefused(ValueError):
    """The source is outside the subset, or broken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class RenderingRefused(ValueError):
    """The values are too many or too large for a text, or none that a text can hold."""
