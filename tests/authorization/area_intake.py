"""Rows of intake and completeness."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("questionnaires", "GET", "/questionnaires", "Y Y Y Y Y Y Y Y Y Y"),
    Row("one questionnaire", "GET", "/questionnaires/oncology", "Y Y Y Y Y Y Y Y Y Y"),
    Row("answers of a case", "GET", "/cases/{c}/intake", "1 Y 4 D 4 Y 3 3 3 3"),
    Row("answer", "PUT", "/cases/{draft}/intake", "1 Y 4 D 4 4 4 4 4 3", {"answers": {"general.course": "same"}}),
    Row("answer after submission", "PUT", "/cases/{c}/intake", "1 9 4 9 4 3 3 3 3 3", {"answers": {}}),
    Row("acknowledge emergency advice", "POST", "/cases/{flagged}/red-flags/{flag}/acknowledgement",
        "1 Y 4 D 4 4 4 4 4 3", {"advice_version": "1"}),
    Row("checklist", "GET", "/cases/{c}/checklist", "1 Y 4 D 4 Y 3 S S 3"),
    Row("name the document of a record", "PUT", "/cases/{collecting}/checklist/pathology_report/document",
        "1 Y 4 D 4 4 4 Y 3 3", {"document_id": "{pathology}"}),
    Row("ask for records", "POST", "/cases/{collecting}/record-requests", "1 Y 4 D 4 4 4 Y 3 3",
        {"items": ["pathology_report"], "recipient": {"name": "Dr West", "email": "west@clinic.example"}}),
    Row("record requests", "GET", "/cases/{c}/record-requests", "1 Y 4 D 4 Y 3 Y 3 3"),
    Row("cancel a record request", "DELETE", "/cases/{collecting}/record-requests/{wanted}", "1 Y 4 D 4 4 4 Y 3 3"),
    Row("begin a submission", "POST", "/submissions", "Y Y Y Y Y Y Y Y Y Y"),
    Row("C25 a submission without its secret", "GET", "/submissions/{submission}", "4 4 4 4 4 4 4 4 4 4"),
    Row("C25 add to it without its secret", "PATCH", "/submissions/{submission}", "4 4 4 4 4 4 4 4 4 4"),
    Row("C25 claim it without its secret", "POST", "/submissions/{submission}/claim", "1 4 4 4 3 3 3 3 3 3"),
)  # fmt: skip

ELSEWHERE = {
    "POST /api/v1/submissions/<uuid:submission_id>/documents": "tests/cases/intake/test_submissions.py",
    "POST /api/v1/record-uploads": "tests/cases/records/test_record_requests.py",
}

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "cases.RecordDocumentIn.document_id": (
        "OP", "PUT", "/cases/{own}/checklist/medical_record/document", {}, "pathology",
    ),
}  # fmt: skip

# Which scope opens a delegate's cells.
SCOPES = {
    "answers of a case": "read",
    "answer": "manage",
    "acknowledge emergency advice": "manage",
    "checklist": "read",
    "name the document of a record": "upload",
    "ask for records": "manage",
    "record requests": "read",
    "cancel a record request": "manage",
}
