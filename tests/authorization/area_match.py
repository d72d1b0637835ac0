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
    Row("credentials beside licences", "GET", "/professionals/{p}/standing", "1 3 3 3 4 Y 4 3 Y 3"),
    Row("add a credential", "POST", "/professionals/{p}/standing", "1 3 3 3 4 Y 4 3 Y 3",
        {"kind": "education", "title": "MD", "body": "University", "evidence": "the register"}),
    Row("check a licence", "POST", "/professionals/{p}/licences/{licence}/check", "1 3 3 3 3 3 3 3 Y 3",
        {"status": "active", "evidence": "the register"}),
    Row("own calendar", "GET", "/availability/calendar", "1 3 3 3 Y Y Y 3 3 3"),
    Row("take time", "POST", "/availability/calendar", "1 3 3 3 Y Y Y 3 3 3",
        {"kind": "booked", "starts_at": "2030-01-01T10:00:00Z", "ends_at": "2030-01-01T11:00:00Z"}),
    Row("free time", "DELETE", "/availability/calendar/{entry}", "1 3 3 3 4 Y 4 3 3 3"),
    Row("P7 review a specialist", "POST", "/reviews", "1 Y 4 4 3 3 3 3 3 3", {"case_id": "{closed}", "score": 5},
        {"OP": "a patient may review, and this case is not theirs to know of", "DE": "as OP"}),
    Row("reviews of a specialist", "GET", "/reviews/{p}", "Y Y Y Y Y Y Y Y Y Y"),
    Row("decide on a review", "POST", "/reviews/{review}/moderation", "1 3 3 3 3 3 3 3 Y 3", {"publish": True}),
    Row("P9 private statistics", "GET", "/professionals/{p}/stats", "1 3 3 3 4 Y 4 3 Y 3"),
    Row("make a feed", "POST", "/availability/feed", "1 3 3 3 Y Y Y 3 3 3"),
)  # fmt: skip

ELSEWHERE = {"GET /api/v1/calendars/<str:secret>.ics": "tests/professionals/test_calendar.py"}

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "professionals.ServiceReviewIn.case_id": ("OP", "POST", "/reviews", {"score": 5}, "closed"),
    "professionals.AffiliationIn.colleague_id": (
        "SA", "POST", "/professionals/{p}/affiliations", {"kind": "employer"}, "c",
    ),
}  # fmt: skip
