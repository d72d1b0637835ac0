"""Rows of messages to one person and to many."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

KEYS = {"SV": "a key needs the scope notify, and this one has none; with it: tests/notifications/test_send.py"}
PLAN = {
    "name": "Autumn news",
    "template": "{text}",
    "channels": ["email"],
    "values": {"count": 3},
    "audience": {"roles": ["patient"]},
    "starts_at": "{tomorrow}",
    "zone": "recipient",
    "per_minute": 600,
}
ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row(
        "N2 send to any user",
        "POST",
        "/notifications/send",
        "1 3 3 3 3 3 3 Y Y 3",
        {"user_id": "{po}", "template": "{text}", "values": {"count": 3}, "reference": "x", "dry_run": True},
        KEYS,
    ),
    Row(
        "N2 take it back",
        "DELETE",
        "/notifications/{message}/schedule",
        "1 3 3 3 3 3 3 4 4 3",
        None,
        {**KEYS, "SA": "whoever sent it takes it back: tests/notifications/test_send.py", "SS": "as SA"},
    ),
    Row("N4 plan a campaign", "POST", "/campaigns", "1 3 3 3 3 3 3 3 Y 3", PLAN),
    Row("N4 list campaigns", "GET", "/campaigns", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 read a campaign", "GET", "/campaigns/{drafted}", "1 3 3 3 3 3 3 3 Y 3"),
    Row(
        "N4 change a draft",
        "PUT",
        "/campaigns/{drafted}",
        "1 3 3 3 3 3 3 3 3 3",
        PLAN,
        {"SA": "its author alone: tests/notifications/campaigns/test_api.py"},
        headers={"If-Match": '"1"'},
    ),
    Row("N4 preview a campaign", "POST", "/campaigns/{drafted}/preview", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 test a campaign", "POST", "/campaigns/{drafted}/test", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 submit a campaign", "POST", "/campaigns/{drafted}/submit", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 approve a campaign", "POST", "/campaigns/{laid}/approve", "1 3 3 3 3 3 3 3 Y 3", {"small_audience": True}),
    Row("N4 start a campaign", "POST", "/campaigns/{timed}/start", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 pause a campaign", "POST", "/campaigns/{going}/pause", "1 3 3 3 3 3 3 3 Y 3", {"reason": "a wrong word"}),
    Row("N4 resume a campaign", "POST", "/campaigns/{stopped}/resume", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 cancel a campaign", "POST", "/campaigns/{going}/cancel", "1 3 3 3 3 3 3 3 Y 3"),
    Row("N4 report of a campaign", "GET", "/campaigns/{going}/report", "1 3 3 3 3 3 3 3 Y 3"),
)

# Who may send at all, may write to anybody: a request that says too little is refused the same for every id.
FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "notifications.SendIn.user_id": ("SS", "POST", "/notifications/send", {}, "po"),
}
