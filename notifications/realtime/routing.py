"""Addresses of sockets, and of Socket.IO's polls beside the pages."""

from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path

from notifications.realtime.consumer import NoticeConsumer
from notifications.realtime.refusal import no_such_socket
from notifications.realtime.socketio.gate import SocketIOGate

SOCKETIO_PATH = "socket.io/"
socketio = SocketIOGate()
websocket_urlpatterns = [
    path("ws/notifications", NoticeConsumer.as_asgi()),
    path(SOCKETIO_PATH, socketio),  # type: ignore[arg-type]  # Django's types know views alone
    re_path("", no_such_socket),  # type: ignore[arg-type]  # as above
]


def application(pages: Any) -> ProtocolTypeRouter:
    """The realtime process's application; whatever is no socket's is for ``pages``."""

    async def http(scope: Any, receive: Any, send: Any) -> None:
        chosen = socketio if scope["path"] == f"/{SOCKETIO_PATH}" else pages
        await chosen(scope, receive, send)

    return ProtocolTypeRouter({"http": http, "websocket": URLRouter(websocket_urlpatterns)})
