"""Rows of the public list, the taxonomy, published figures and credentials' documents."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("taxonomy", "GET", "/taxonomy", "Y Y Y Y Y Y Y Y Y Y"),
)  # fmt: skip

ELSEWHERE: dict[str, str] = {}

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {}
