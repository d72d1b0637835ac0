"""Rows of resumable uploads: they are begun and continued by headers, so each role asks in their own test."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

ROWS: tuple[Row, ...] = ()

ELSEWHERE = {
    "POST /api/v1/documents/tus": "tests/cases/test_tus.py",
    "PATCH /api/v1/documents/tus/<uuid:upload_id>": "tests/cases/test_tus.py",
    "DELETE /api/v1/documents/tus/<uuid:upload_id>": "tests/cases/test_tus.py",
}

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {}
