"""What people want to be told, and why somebody did or did not get a message."""

from __future__ import annotations

from tests.authorization.row import Row

ROWS = (
    # ---- preferences                                                  AN PO OP DE PU PA PR SS SA SV
    Row("preferences by channel", "GET", "/preferences", "1 Y Y Y Y Y Y Y Y 3"),
    Row(
        "change them by channel",
        "PUT",
        "/preferences",
        "1 Y Y Y Y Y Y Y Y 3",
        {"choices": {"case": {"email": "digest"}}},
    ),
    Row("why PO did (not) get it", "GET", "/notifications/{n}/explanation", "1 Y 4 4 4 4 4 4 Y 3"),
)
