"""uvicorn's WebSockets, which offer to write a frame at once that was made for many of them."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from config.kernel.websocket_frames import EXTENSION


class SocketProtocol(WebSocketsSansIOProtocol):
    """One socket: what ASGI sends costs a coroutine, a frame and a copy each; 400 sockets are told the same."""

    def handle_connect(self, event: Request) -> None:
        """Offer it to the application, whose task begins after this."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = {"write": self.write}

    def write(self, frames: bytes) -> bool:
        """Send whole frames; ``False``, and nothing is sent, while there is no room or once the socket is closing."""
        if self.conn.state is not State.OPEN or not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(frames)
        return True
