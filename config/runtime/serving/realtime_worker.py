"""The worker of the realtime process."""

from typing import Any

from uvicorn_worker import UvicornWorker

from config.runtime.serving.socket_protocol import SocketProtocol

# Messages of clients are small (64 kB, which the application counts); what we send is small too, and compressing it
# would cost more than it saves, for each socket anew. A line of a log for each poll would name its session.
SOCKET_OPTIONS: dict[str, Any] = {
    "ws": SocketProtocol,
    "ws_max_size": 256 * 1024,
    "ws_per_message_deflate": False,
    "access_log": False,
}


class RealtimeWorker(UvicornWorker):
    """uvicorn under gunicorn, for sockets."""

    CONFIG_KWARGS = UvicornWorker.CONFIG_KWARGS | SOCKET_OPTIONS
