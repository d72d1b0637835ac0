"""The patient's live socket."""

from __future__ import annotations

import json
import time

from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.journey.http import StepFailed


def await_notice(base_url: str, ticket: str, kind: str, *, seconds: float) -> None:
    """Open a socket with a ticket, ask for everything from the start, and read until a notice of ``kind`` comes."""
    url = base_url.replace("http", "ws", 1) + "/ws/notifications"
    protocols = [Subprotocol("sop.v1"), Subprotocol(f"sop.ticket.{ticket}")]
    end = time.monotonic() + seconds
    with connect(url, subprotocols=protocols) as socket:
        socket.send(json.dumps({"type": "hello", "last_sequence": 0}))
        expected = 1
        while (left := end - time.monotonic()) > 0:
            try:
                message = json.loads(socket.recv(timeout=left))
            except TimeoutError:
                break
            if message["type"] != "notice":
                raise StepFailed(f"the socket answered {message}")
            if message["notice"]["sequence"] != expected:
                raise StepFailed(f"notice {expected} is missing; {message['notice']['sequence']} came")
            expected += 1
            if message["notice"]["kind"] == kind:
                return
    raise StepFailed(f"no notice {kind} came over the socket within {seconds:.0f} s")
