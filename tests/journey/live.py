"""The patient's live socket."""

from __future__ import annotations

import json
import time
from types import TracebackType

from websockets.sync.client import ClientConnection, connect

from tests.journey.http import StepFailed


class NoticeSocket:
    """Opens with a ticket, says hello, and waits for notices."""

    def __init__(self, base_url: str, ticket: str) -> None:
        self.url = base_url.replace("http", "ws", 1) + "/ws/notifications"
        self.ticket = ticket
        self.socket: ClientConnection | None = None

    def __enter__(self) -> NoticeSocket:
        self.socket = connect(self.url, subprotocols=["sop.v1", f"sop.ticket.{self.ticket}"])  # type: ignore[list-item]  # plain strings work
        self.socket.send(json.dumps({"type": "hello", "last_sequence": 0}))
        return self

    def wait_for(self, kind: str, *, seconds: float) -> None:
        """Read notices until one of ``kind`` comes."""
        end = time.monotonic() + seconds
        expected = 1
        while self.socket is not None and (left := end - time.monotonic()) > 0:
            message = json.loads(self.socket.recv(timeout=left))
            if message["type"] != "notice":
                raise StepFailed(f"the socket answered {message}")
            if message["notice"]["sequence"] != expected:
                raise StepFailed(f"notice {expected} is missing; {message['notice']['sequence']} came")
            expected += 1
            if message["notice"]["kind"] == kind:
                return
        raise StepFailed(f"no notice {kind} came over the socket within {seconds:.0f} s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.socket is not None:
            self.socket.close()
