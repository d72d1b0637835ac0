"""Rows of documents that were read again, and of signed reports that rest on what is read otherwise."""

from __future__ import annotations

from tests.authorization.row import Row

_DIRECTOR = {"SS": "the medical director does this, who is asked in tests/cases/workflow/test_rechecks.py"}
ROWS = (
    #                                                                     AN PO OP DE PU PA PR SS SA SV
    Row("documents read again", "GET", "/cases/{c}/rereadings", "1 3 4 3 4 Y 3 Y Y 3"),
    Row("say whose it is, read again", "POST", "/rereadings/{rereading}/answer", "1 3 4 3 4 3 3 Y 3 3",
        {"belongs": True}),
    Row("rechecks of a report", "GET", "/cases/{c}/rechecks", "1 3 4 3 4 3 3 3 3 3", why=_DIRECTOR),
    Row("say whether a report stands", "POST", "/rechecks/{recheck}", "1 3 4 3 4 3 3 3 3 3",
        {"stands": True, "reason": "the value was right"}, why=_DIRECTOR),
    Row("what a newer reading changed", "GET", "/insights/{c}/changes", "1 3 4 3 4 Y 3 3 4 3",
        why={"SS": "coordinators read no analysis at all (A2)"}),
)  # fmt: skip
