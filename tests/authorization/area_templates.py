"""Templates: administrators and medical directors write them, another one publishes; keys with notify read them."""

from __future__ import annotations

from typing import Any

from tests.authorization.row import Row

CONTENT: dict[str, Any] = {
    "category": "announcements",
    "variables": {"count": "count"},
    "texts": {"in_app": {"en": {"text": "You have {{count}} notices."}}},
}
NO_SCOPE = {"SV": "a key without scopes; one with notify reads, in tests/notifications/test_template_routes.py"}
# The draft's version after it was begun and written once.
READ = {"If-Match": '"2"'}
ROWS = (
    # ---- templates                                                    AN PO OP DE PU PA PR SS SA SV
    Row("templates", "GET", "/templates", "1 3 3 3 3 3 3 Y Y 3", None, NO_SCOPE),
    Row("a template", "GET", "/templates/{tpl}", "1 3 3 3 3 3 3 4 Y 3", None, NO_SCOPE),
    Row("N3 a new template", "POST", "/templates", "1 3 3 3 3 3 3 3 Y 3", {"code": "another_one", **CONTENT}),
    Row("N3 write a template", "PUT", "/templates/{tpl}", "1 3 3 3 3 3 3 3 Y 3", CONTENT, headers=READ),
    Row("N3 publish another's", "POST", "/templates/{tpl}/publish", "1 3 3 3 3 3 3 3 Y 3", headers=READ),
    Row(
        "N3 retire a template",
        "POST",
        "/templates/{published_tpl}/retire",
        "1 3 3 3 3 3 3 3 Y 3",
        {"reason": "No longer sent."},
    ),
    Row("preview a template", "POST", "/templates/{tpl}/preview", "1 3 3 3 3 3 3 3 Y 3", {}),
    Row("N3 send a template to oneself", "POST", "/templates/{tpl}/test", "1 3 3 3 3 3 3 3 Y 3", {}),
)
