"""Engine.IO by hand: what a hostile client would send."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

PATH = "/socket.io/?EIO=4&transport=polling"


class Poller:
    """A client that polls; ``source`` is the loopback address that it comes from."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.port, self.source, self.sid = port, source, ""
        self.heard: list[str] = []

    def ask(
        self, method: str, path: str = PATH, body: str | bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.source, 0))
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def open(self) -> dict[str, Any]:
        """Shake hands."""
        status, _, body = self.ask("GET")
        assert status == 200, body
        opened: dict[str, Any] = json.loads(body[1:])
        self.sid = opened["sid"]
        return opened

    @property
    def path(self) -> str:
        """Where the rest goes on."""
        return f"{PATH}&sid={self.sid}"

    def poll(self) -> list[str]:
        """The next packets."""
        status, _, body = self.ask("GET", self.path)
        assert status == 200, body
        return body.decode().split("\x1e")

    def post(self, body: str | bytes, **headers: str) -> int:
        """Send packets; the status."""
        return self.ask("POST", self.path, body, **headers)[0]

    def connect(self, **auth: Any) -> str:
        """Shake hands, and say who one is; the first answer."""
        self.open()
        assert self.post("40" + json.dumps(auth)) == 200
        self.heard = self.poll()
        return self.heard[0]

    def settle(self) -> None:
        """Take what comes behind the answer to CONNECT, or with it: the next poll waits for news, or for a ping."""
        while not any(packet.startswith('42["epoch"') for packet in self.heard):
            self.heard += self.poll()

    def begin_post(self, length: int) -> socket.socket:
        """A body of which one byte comes."""
        line = socket.create_connection(("127.0.0.1", self.port), 60, (self.source, 0))
        head = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n4"
        line.sendall(head.encode())
        return line

    def begin_poll(self) -> socket.socket:
        """A poll whose answer nobody has taken yet."""
        line = socket.create_connection(("127.0.0.1", self.port), 60, (self.source, 0))
        line.sendall(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return line


def status_of(line: socket.socket) -> int:
    """The status that a request begun by hand is answered with."""
    answer = line.recv(100)
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
