"""Rows of matching and of the professionals context."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("affiliations", "GET", "/professionals/{p}/affiliations", "1 3 3 3 4 Y 4 3 Y 3"),
    Row("declare an affiliation", "POST", "/professionals/{p}/affiliations", "1 3 3 3 4 Y 4 3 Y 3",
        {"kind": "employer", "organisation": "Elsewhere"}),
    Row("end an affiliation", "DELETE", "/professionals/{p}/affiliations/{link}", "1 3 3 3 3 3 3 3 Y 3"),
)  # fmt: skip

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "professionals.AffiliationIn.colleague_id": (
        "SA", "POST", "/professionals/{p}/affiliations", {"kind": "employer"}, "c",
    ),
}  # fmt: skip
