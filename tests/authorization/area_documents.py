"""Rows of archives and resumable uploads: these are begun by headers, so each role asks in their own test."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

ROWS: tuple[Row, ...] = (
    #                                                               AN PO OP DE PU PA PR SS SA SV
    Row("dates of a case", "GET", "/cases/{c}/dates.ics", "1 Y 4 D 4 Y 3 3 3 3"),
    Row("link to an original", "POST", "/documents/{doc}/link", "1 Y 4 4 4 3 3 3 3 3"),
    Row("original by a link", "GET", "/document-links/made-up", "4 4 4 4 4 4 4 4 4 4"),
    Row("search documents", "POST", "/cases/{c}/search", "1 Y 4 D 4 Y 3 3 3 3", {"words": "letter"}),
    Row("what was read of a case", "GET", "/cases/{c}/coverage", "1 Y 4 D 4 Y 3 B 3 4"),
    Row("what was read in a document", "GET", "/documents/{adoc}/coverage", "1 Y 4 D 4 Y 3 B 3 4"),
    Row("see an archive", "GET", "/archives/{archive}", "1 Y 4 D 4 Y 3 3 3 3"),
)

# Which scope opens a delegate's cells.
SCOPES = {
    "what was read of a case": "read",
    "what was read in a document": "read",
    "see an archive": "read",
    "search documents": "read",
    "dates of a case": "read",
}

ELSEWHERE = {
    "POST /api/v1/documents/tus": "tests/cases/documents/test_tus.py",
    "POST /api/v1/cases/<uuid:case_id>/imports/fhir": "tests/cases/records/test_imports.py",
    "POST /api/v1/cases/<uuid:case_id>/imports/ccda": "tests/cases/records/test_imports.py",
    "POST /api/v1/archives": "tests/cases/documents/test_archives.py",
    "PATCH /api/v1/documents/tus/<uuid:upload_id>": "tests/cases/documents/test_tus.py",
    "DELETE /api/v1/documents/tus/<uuid:upload_id>": "tests/cases/documents/test_tus.py",
}

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "cases.ArchiveIn.case_id": ("OP", "UPLOAD", "/archives", {}, "c"),
}
