"""Messages to many WebSockets, framed once: a server's frames are not masked, so they are the same for every client.

Our server (``config.runtime.serving.socket_protocol``) offers in the scope of each socket, as an extension of ASGI, to
write such a frame at once. Another server does not offer it: there each message is sent as ASGI has it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from websockets.frames import Frame, Opcode

EXTENSION = "sop.frames"
# Takes frames, in order; ``False``, and nothing is sent, while the client has not taken what it was sent before.
Write = Callable[[bytes], bool]


def text_frame(text: bytes) -> bytes:
    """A message as it goes over the line."""
    return Frame(Opcode.TEXT, text).serialize(mask=False)


def write_in(scope: Mapping[str, Any]) -> Write | None:
    """How to write to this socket at once; ``None`` where the server does not offer it."""
    write: Write | None = (scope.get("extensions") or {}).get(EXTENSION, {}).get("write")
    return write
