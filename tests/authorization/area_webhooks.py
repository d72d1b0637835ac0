"""Rows of webhooks."""

from __future__ import annotations

from tests.authorization.row import Row

NEW = {"url": "https://hooks.example.org/new", "name": "x", "events": ["*"]}

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("N5 webhooks", "GET", "/webhooks", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N5 make a webhook", "POST", "/webhooks", "1 3 3 3 3 3 3 3 Y 3", NEW),
    Row("N5 read a webhook", "GET", "/webhooks/{webhook}", "1 3 3 3 3 3 3 3 Y 3"),
    Row(
        "N5 change a webhook",
        "PATCH",
        "/webhooks/{webhook}",
        "1 3 3 3 3 3 3 3 Y 3",
        {"name": "y"},
        headers={"If-Match": "*"},
    ),
    Row("N5 give it a new secret", "POST", "/webhooks/{webhook}/rotate", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N5 send it a test", "POST", "/webhooks/{webhook}/test", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N5 what it was told", "GET", "/webhooks/{webhook}/deliveries", "1 3 3 3 3 3 3 3 Y 3"),
    Row(
        "N5 tell it again",
        "POST",
        "/webhooks/{webhook}/replay",
        "1 3 3 3 3 3 3 3 Y 3",
        {"failed_since": "2026-01-01T00:00:00Z"},
    ),
    Row("N5 end a webhook", "DELETE", "/webhooks/{ended_webhook}", "1 3 3 3 3 3 3 3 Y 3"),
)
