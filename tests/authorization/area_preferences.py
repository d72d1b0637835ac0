"""What people want to be told."""

from __future__ import annotations

from tests.authorization.row import Row

ROWS = (
    # ---- preferences                                                  AN PO OP DE PU PA PR SS SA SV
    Row("preferences by channel", "GET", "/preferences", "1 Y Y Y Y Y Y Y Y 3"),
    Row("change them by channel", "PUT", "/preferences", "1 Y Y Y Y Y Y Y Y 3",
        {"choices": {"case": {"email": "digest"}}}),
)  # fmt: skip
