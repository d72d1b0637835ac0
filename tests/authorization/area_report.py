"""Rows of reports, their versions and their proof."""

from __future__ import annotations

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("reports of every version", "GET", "/cases/{signed}/reports", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("versions of the opinion", "GET", "/cases/{signed}/opinion/versions", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("one version", "GET", "/cases/{signed}/opinion/versions/1", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("changes between versions", "GET", "/cases/{signed}/opinion/versions/1/changes/1", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("drift from the first read", "GET", "/cases/{signed}/opinion/drift", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("check a report", "POST", "/report-verifications", "Y Y Y Y Y Y Y Y Y Y", {"sha256": "0" * 64}),
    Row("public keys of reports", "GET", "/report-keys", "Y Y Y Y Y Y Y Y Y Y"),
    Row("list of superseded reports", "GET", "/report-status-list", "Y Y Y Y Y Y Y Y Y Y"),
)  # fmt: skip

# Which scope opens a delegate's cells.
SCOPES = {
    "reports of every version": "read",
    "versions of the opinion": "read",
    "one version": "read",
    "changes between versions": "read",
    "drift from the first read": "read",
}
