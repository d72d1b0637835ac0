"""The rows of a page in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.domain.laboratory.cells import Row
from analysis.domain.laboratory.layout.bands import banded
from analysis.domain.laboratory.layout.choices import choices
from analysis.domain.laboratory.layout.column_order import names_first
from analysis.domain.laboratory.layout.records import joined
from analysis.domain.laboratory.layout.regions import regions_of
from analysis.domain.laboratory.layout.separators import separated
from analysis.domain.laboratory.layout.transposition import uncrossed

#: No sheet of paper has more lines: what is longer is read as it stands.
MAX_LINES = 1_200
#: So many results in several lines show how a page is written.
_SHAPE = 3


def arranged(rows: Sequence[Row]) -> list[Row]:
    """The rows region by region, each result with its parts in one of them."""
    if len(rows) > MAX_LINES:
        return list(rows)
    rows = separated(rows)
    if not any(row.placed for row in rows):
        return list(rows)
    regions = [names_first(region) for region in regions_of(banded(uncrossed(choices(rows))))]
    found = [joined(region) for region in regions]
    if sum(row.made for region in found for row in region) >= _SHAPE:
        # The page is written so: a single one of its kind is a result too.
        found = [joined(region, alone=True) for region in regions]
    return [row for region in found for row in region]
