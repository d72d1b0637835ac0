"""The pages of text that people and the reading pipeline get of a record that came as data.

Rows are as wide, and pages as long, as plain text is shown: none is broken later. A statement stands on one page; where
it takes several rows, each of them says anew that it does not hold now, so that no half of it reads as the opposite.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from cases.domain.records.health_record import HealthRecord, Statement

BEGINNING: Final = "Health record, imported from "
RESULTS: Final = "Results"
NOT_IMPORTED: Final = "Not imported"
COLUMNS: Final = 90
ROWS: Final = 60
_ITEM, _GOES_ON = "- ", "… "
_CLAUSE_END: Final = re.compile(r"(?<![.,;!?])[.,;!?]++\s+")
_PLAIN_PART: Final = re.compile(
    r"(?:from \d|from unknown|\d{4}\b|no date given|status \S+$|intent \S+$|(?:refuted|(?:un)?confirmed|(?:in)?active|"
    r"resolved|remission|provisional|differential|presumed)$|criticality \S+$|ended \d)"
)
#: Headings that the reader of letters knows end the part before; what may not be read as current stands last.
_FIRST: Final = (RESULTS, "Reports", "Procedures")
_LAST: Final = ("Diagnoses", "Medicines", "Family history", "Allergies")


def page_of(record: HealthRecord) -> str:
    """The record as text: whose it is, each section, and what was not taken over. A form feed ends a page."""
    head = [*_wrapped(BEGINNING + record.source), *(row for line in record.patient for row in _wrapped(line)), ""]
    pages = [list(head)]
    for heading, statements in _in_order(record):
        opened = False
        for statement in statements:
            rows = list(_rows(statement))
            for row in rows:
                # What fits on a page stands on one.
                needed = len(rows) if row is rows[0] and len(rows) <= ROWS - len(head) - 1 else 1
                if len(pages[-1]) + needed + (0 if opened else 2) > ROWS and len(pages[-1]) > len(head):
                    pages.append(list(head))
                    opened = False
                if not opened:
                    pages[-1] += [heading] if len(pages[-1]) == len(head) else ["", heading]
                    opened = True
                pages[-1].append(row)
    return "\f".join("\n".join(rows) + "\n" for rows in pages)


def statements_under(heading: str, page_text: str) -> Iterator[tuple[int, int, str]]:
    """Of a page of ``page_of``: start, end and words of each statement under the heading."""
    if not page_text.startswith(BEGINNING):
        return
    at, inside = 0, False
    found: list[tuple[int, int, str]] = []
    for row in page_text.split("\n"):
        end = at + len(row)
        if row.startswith(_ITEM) and inside:
            found.append((at, end, row.removeprefix(_ITEM)))
        elif row.startswith(_GOES_ON) and inside and found:
            start, _, words = found.pop()
            found.append((start, end, f"{words} {row.removeprefix(_GOES_ON)}"))
        elif row.strip() and not row.startswith((_ITEM, _GOES_ON)):
            inside = row.strip() == heading
        at = end + 1
    yield from found


def _in_order(record: HealthRecord) -> Iterator[tuple[str, Iterable[Statement]]]:
    others = [heading for heading in record.sections if heading not in (*_FIRST, *_LAST)]
    for heading in (*_FIRST, *others, *_LAST):
        if heading in record.sections:
            yield heading, record.sections[heading]
    if record.missed:
        yield NOT_IMPORTED, [Statement(f"{count} x {what}") for what, count in sorted(record.left_out.items())]


def _rows(statement: Statement) -> Iterator[str]:
    lead = f"{statement.lead}: " if statement.lead else ""
    width = max(COLUMNS - len(_ITEM) - len(lead), COLUMNS // 3)
    number = 0
    for clause in _clauses(statement.words) if lead else [statement.words]:
        for part in _folded(clause, width):
            yield (_GOES_ON if number else _ITEM) + lead + part
            number += 1


def _clauses(words: str) -> list[str]:
    """What the lead says reaches to the end of a clause, so that each has its own; but for times and states."""
    first, *rest = _CLAUSE_END.split(words)
    clauses = [first]
    for part in rest:
        if _PLAIN_PART.match(part):
            clauses[-1] += f", {part}"
        else:
            clauses.append(part)
    return [clause for clause in clauses if clause.strip()] or [words]


def _wrapped(line: str) -> list[str]:
    first, *rest = _folded(line, COLUMNS - len(_GOES_ON))
    return [first, *(_GOES_ON + part for part in rest)]


def _folded(text: str, width: int) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False) or [""]
