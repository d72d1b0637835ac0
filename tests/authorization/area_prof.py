"""Rows of the public list, the taxonomy, published figures and credentials' documents."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

ROWS = (
    #                                                                   AN PO OP DE PU PA PR SS SA SV
    Row("taxonomy", "GET", "/taxonomy", "Y Y Y Y Y Y Y Y Y Y"),
    Row("published figures", "GET", "/professionals/{p}/stats/public", "Y Y Y Y Y Y Y Y Y Y"),
    Row("own publication", "GET", "/statistics/publication", "1 3 3 3 Y Y Y 3 3 3"),
    Row("agree to show figures", "POST", "/statistics/publication", "1 3 3 3 9 9 9 3 3 3", None,
        {"PU": "nobody here has signed enough; who has is asked in tests/professionals", "PA": "as PU", "PR": "as PU"}),
    Row("show figures no more", "DELETE", "/statistics/publication", "1 3 3 3 9 9 9 3 3 3", None,
        {"PU": "nothing of theirs is shown; tests/professionals shows the other way", "PA": "as PU", "PR": "as PU"}),
    Row("decide on figures", "POST", "/professionals/{proposed}/stats/publication/decision", "1 3 3 3 3 3 3 3 Y 3",
        {"publish": True}),
    Row("documents of credentials", "GET", "/professionals/{p}/documents", "1 3 3 3 4 Y 4 3 Y 3"),
    Row("upload a document", "UPLOAD", "/professionals/{p}/documents", "1 3 3 3 4 Y 4 3 3 3",
        {"licence_id": "{licence}"}),
    Row("download a document", "GET", "/professionals/{p}/documents/{proof}/file", "1 3 3 3 4 Y 4 3 Y 3"),
    Row("check a document", "POST", "/professionals/{p}/documents/{proof}/decision", "1 3 3 3 3 3 3 3 Y 3",
        {"step": "prepare", "says": "the licence of 2025"}),
)  # fmt: skip

ELSEWHERE: dict[str, str] = {}

FOREIGN: dict[str, tuple[str, str, str, dict[str, Any], str]] = {
    "professionals.EvidenceIn.licence_id": ("PU", "UPLOAD", "/professionals/{pu}/documents", {}, "licence"),
    "professionals.EvidenceIn.credential_id": ("PU", "UPLOAD", "/professionals/{pu}/documents", {}, "certificate"),
}
