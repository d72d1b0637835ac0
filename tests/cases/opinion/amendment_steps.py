"""An amendment over HTTP: what the author, a coordinator and a reviewer ask, from the first word to the delivery."""

from __future__ import annotations

from typing import Any

from cases.models import Opinion
from config.kernel.due_work import drain
from tests.cases.support import CLEAR, Story, make_specialist, profile_id
from tests.client import ApiClient
from tests.factories import make_person


def told(response: Any, status: int = 200) -> Any:
    """The answer's body, which must have come with ``status``."""
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def begin_amendment(api: ApiClient, story: Story, who: Any, step: str, reason: str) -> None:
    """Into AMENDING by one of T26 to T28."""
    moved = told(api.as_(who).patch(f"/cases/{story.id}/status", {"to": step, "reason": reason}))
    assert moved["state"] == "AMENDING"


def write_amendment(api: ApiClient, story: Story, changes: dict[str, Any]) -> str:
    """A new version, checked by a peer; returns the hash that waits for the signature."""
    author = api.as_(story.author)
    told(author.put(f"/cases/{story.id}/opinion/draft", changes, headers={"If-Match": '"1"'}))
    told(author.post(f"/cases/{story.id}/opinion", {"action": "submit"}))
    peer = make_specialist()
    coordinator = make_person("coordinator")
    told(api.as_(coordinator).post(f"/cases/{story.id}/peer", {"professional_id": profile_id(peer)}), 204)
    agreed = {"verdict": "agree", "coi_attestation": CLEAR}
    assert told(api.as_(peer).post(f"/cases/{story.id}/peer-review", agreed))["state"] == "READY_TO_SIGN"
    return Opinion.objects.filter(case=story.id).order_by("-number")[0].content_hash


def sign_amendment(api: ApiClient, story: Story, content_hash: str) -> None:
    signature = {"action": "sign", "content_hash": content_hash}
    told(api.as_(story.author).post(f"/cases/{story.id}/opinion", signature))


def amended(api: ApiClient, story: Story, who: Any, step: str, reason: str, changes: dict[str, Any]) -> None:
    """The whole of it."""
    begin_amendment(api, story, who, step, reason)
    sign_amendment(api, story, write_amendment(api, story, changes))
    drain("cases")
