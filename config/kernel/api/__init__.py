"""HTTP for all contexts: views name their policy, errors become problem documents in one place."""

from config.kernel.api.declarations import ETAG, IF_MATCH, etag_for, expected_version
from config.kernel.api.idempotency import idempotent
from config.kernel.api.pages import CURSOR, LIMIT, PAGED, CursorPage, Window, page_response, window
from config.kernel.api.policies import Policy, public, roles, scopes, signed_in
from config.kernel.api.problems import problem_response
from config.kernel.api.views import ApiView, HotView, json_response

__all__ = [
    "CURSOR",
    "ETAG",
    "IF_MATCH",
    "LIMIT",
    "PAGED",
    "ApiView",
    "CursorPage",
    "HotView",
    "Policy",
    "Window",
    "etag_for",
    "expected_version",
    "idempotent",
    "json_response",
    "page_response",
    "problem_response",
    "public",
    "roles",
    "scopes",
    "signed_in",
    "window",
]
