"""How complete the records of a case are: what each item's state is, and which missing one matters most."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.domain.intake.checklist import ASKED, matters_most

PRESENT, MISSING, WAIVED, BEING_ASKED = "present", "missing", "waived", "asked"
CELLS = (MISSING, BEING_ASKED, WAIVED, PRESENT)


@dataclass(frozen=True)
class Cell:
    """One record of one case. ``asked``: missing, and somebody was asked for records of this case."""

    code: str
    state: str
    required: bool
    importance: int
    reason: str = ""

    @property
    def name(self) -> str:
        """As staff read it; what a person asked for by name is sealed and has none here."""
        return "asked for by name" if self.code.startswith(ASKED) else self.code.replace("_", " ")


def cell_state(code: str, *, present: bool, waived: bool, request_open: bool) -> str:
    """The state that is shown."""
    if present:
        return PRESENT
    if waived:
        return WAIVED
    return BEING_ASKED if request_open or code.startswith(ASKED) else MISSING


def first_needed(cells: Iterable[Cell]) -> Cell | None:
    """The record to get first: nobody was asked for it before somebody was, then required, then by weight."""
    open_ones = [one for one in cells if one.state in (MISSING, BEING_ASKED)]
    unasked = [one for one in open_ones if one.state == MISSING] or open_ones
    code = matters_most((one.code, one.required, one.importance) for one in unasked)
    return next((one for one in unasked if one.code == code), None)
