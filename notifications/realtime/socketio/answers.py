"""Answers to polls: never kept by anybody on the way, and refusals as problem documents."""

from collections.abc import Mapping
from typing import Any

from config.kernel.api.problems import problem_response

_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class Refusal(Exception):
    """A request that is not taken."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers or {}


class Answer:
    """The answer to one request."""

    def __init__(self, send: Any) -> None:
        self._send = send

    async def send(self, event: Any) -> None:
        """What the library answers."""
        if event["type"] == "http.response.start":
            event = event | {"headers": [*event["headers"], *_ALWAYS]}
        await self._send(event)

    async def refuse(self, refusal: Refusal) -> None:
        """Say what to change."""
        document = problem_response(refusal.status, refusal.code, refusal.detail)
        named = {"content-type": str(document["Content-Type"]), "content-length": str(len(document.content))}
        headers = [(name.encode(), value.encode()) for name, value in (named | dict(refusal.headers)).items()]
        await self.send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": document.content})
