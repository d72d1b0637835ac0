"""Where messages go: telephones, devices; and what providers report on them."""

from __future__ import annotations

from tests.authorization.row import Row

_OFF = "text messages and push are off in these tests; set up, they are asked in tests/notifications"
_ALL = dict.fromkeys(("PO", "OP", "DE", "PU", "PA", "PR", "SS", "SA"), _OFF)

ROWS = (
    # ---- telephone                                                    AN PO OP DE PU PA PR SS SA SV
    Row("own proved number", "GET", "/profile/phone", "1 Y Y Y Y Y Y Y Y 3"),
    Row("prove a number", "POST", "/profile/phone/verify", "1 9 9 9 9 9 9 9 9 3", {"number": "+4915112345678"}, _ALL),
    Row(
        "prove it by its code",
        "POST",
        "/profile/phone/confirm",
        "1 9 9 9 9 9 9 9 9 3",
        {"code": "123456"},
        dict.fromkeys(_ALL, "nobody here waits for a code; those who do are asked in tests/notifications"),
    ),
    Row("remove the own number", "DELETE", "/profile/phone", "1 Y Y Y Y Y Y Y Y 3"),
    # ---- devices
    Row("own devices", "GET", "/devices", "1 Y Y Y Y Y Y Y Y 3"),
    Row("register a device", "POST", "/devices", "1 9 9 9 9 9 9 9 9 3", {"kind": "fcm", "token": "x"}, _ALL),
    Row("remove PO's device", "DELETE", "/devices/{device}", "1 Y 4 4 4 4 4 4 4 3"),
    Row("the key for push to browsers", "GET", "/push/key", "1 9 9 9 9 9 9 9 9 3", None, _ALL),
    # ---- providers
    Row(
        "a report of Twilio's",
        "POST",
        "/callbacks/twilio",
        "3 3 3 3 3 3 3 3 3 3",
        None,
        {"AN": "nobody but Twilio, by its signature: tests/notifications/test_callbacks.py"},
    ),
    Row(
        "an answer to a text message, by Twilio",
        "POST",
        "/callbacks/twilio/inbound",
        "3 3 3 3 3 3 3 3 3 3",
        None,
        {"AN": "nobody but Twilio, by its signature: tests/notifications/test_callbacks.py"},
    ),
    Row(
        "a report of a mail provider's",
        "POST",
        "/callbacks/email/mailgun",
        "3 3 3 3 3 3 3 3 3 3",
        None,
        {"AN": "nobody but the provider, by its signature: tests/notifications/test_callbacks.py"},
    ),
)
