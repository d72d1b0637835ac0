"""The row of what the first doctor said."""

from __future__ import annotations

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("the first opinion", "GET", "/cases/{c}/first-opinion", "1 Y 4 D 4 Y 3 3 3 3"),
)

# Which scope opens a delegate's cell.
SCOPES = {"the first opinion": "read"}
