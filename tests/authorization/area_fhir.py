"""Rows of the FHIR read API."""

from __future__ import annotations

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("FHIR capabilities", "GET", "/fhir/metadata", "Y Y Y Y Y Y Y Y Y Y"),
    Row("FHIR: a patient", "GET", "/fhir/Patient/{seen}", "1 Y 4 D 4 Y 4 4 4 4"),
    Row("FHIR: a request", "GET", "/fhir/ServiceRequest/{c}", "1 Y 4 D 4 Y S S S 4"),
    Row("FHIR: a task", "GET", "/fhir/Task/{c}", "1 Y 4 D 4 Y S S S 4"),
    Row("FHIR: a document", "GET", "/fhir/DocumentReference/{doc}", "1 Y 4 D 4 Y S S S 4"),
    Row("FHIR: documents of a case", "GET", "/fhir/DocumentReference?case={c}", "1 Y 4 D 4 Y S S S 4"),
    Row("FHIR: requests", "GET", "/fhir/ServiceRequest", "1 Y N D N Y S S S N", absent="{c}"),
    Row("FHIR: tasks", "GET", "/fhir/Task", "1 Y N D N Y S S S N", absent="{c}"),
    Row("FHIR: everything of a patient", "GET", "/fhir/Patient/{seen}/$everything", "1 Y 4 D 4 Y 4 4 4 4"),
    Row("FHIR: reports of a case", "GET", "/fhir/DiagnosticReport?case={signed}", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("FHIR: compositions of a case", "GET", "/fhir/Composition?case={signed}", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("FHIR: who made a report", "GET", "/fhir/Provenance?case={signed}", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("FHIR: the signed document", "GET", "/fhir/Composition/{report}/$document", "1 Y 4 D 4 Y 3 3 3 4"),
    Row("FHIR: own consents", "GET", "/fhir/Consent?patient={po}", "1 Y 3 3 3 3 3 3 3 1"),
    Row("FHIR: who read my data", "GET", "/fhir/AuditEvent?patient={po}", "1 Y 4 D 4 4 4 3 Y 1"),
)  # fmt: skip

# Which scope opens a delegate's cells.
SCOPES = {row.name: "read" for row in ROWS if row.cell("DE") == "D"}
