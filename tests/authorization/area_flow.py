"""Rows of what comes after delivery."""

from __future__ import annotations

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("follow-up questions", "GET", "/cases/{signed}/follow-up-questions", "1 Y 4 D 4 Y 3 3 3 3"),
    Row("ask a follow-up question", "POST", "/cases/{after}/follow-up-questions", "1 Y 4 D 4 3 3 3 3 3",
        {"question": "May I fly?"}),
    Row("answer by an addendum", "POST", "/cases/{after}/follow-up-questions/{followup}/answer",
        "1 3 4 3 4 Y 3 3 3 3", {"answer": "Yes."}),
    Row("outcomes", "GET", "/cases/{signed}/outcomes", "1 Y 4 D 4 Y 3 3 3 3"),
    Row("say what became of it", "POST", "/cases/{after}/outcomes/30", "1 Y 4 D 4 3 3 3 3 3", {"followed": "YES"}),
    Row("rate the service", "POST", "/cases/{after}/rating", "1 Y 4 D 4 3 3 3 3 3", {"score": 4}),
)  # fmt: skip

# Which scope opens a delegate's cells.
SCOPES = {
    "follow-up questions": "read",
    "ask a follow-up question": "message",
    "outcomes": "read",
    "say what became of it": "manage",
    "rate the service": "manage",
}
