"""What a socket is sent, whatever it speaks: progress first, then notices in their order, until it must end."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from notifications.realtime.close_codes import BROKEN
from notifications.realtime.connections import Connection, Frame

log = structlog.get_logger(__name__)


class Client(Protocol):
    """The other end of a socket."""

    async def say(self, kind: str, about: dict[str, Any]) -> None:
        """Tell something that is no notice."""
        ...

    def at_once(self, frames: Sequence[Frame]) -> bool:
        """Tell notices without waiting; ``False``, and none was told, when something is before them or has no room."""
        ...

    async def deliver(self, frame: Frame) -> None:
        """Tell a notice."""
        ...

    async def room(self) -> None:
        """Wait while the client has not taken what it was told."""
        ...

    async def close(self, code: int) -> None:
        """End it, and tell why."""
        ...


async def follow(connection: Connection, client: Client, wake: Callable[[Connection], None]) -> None:
    """Send what is new whenever the connection is woken, until it must end; ``wake`` asks for more of its notices."""
    try:
        while not connection.close_code:
            connection.at_once = client.at_once
            await connection.woken.wait()
            # What is in hand goes first.
            connection.at_once = None
            connection.woken.clear()
            await _send_new(connection, client)
            if connection.behind and not connection.frames:
                connection.behind = False
                wake(connection)
    except OSError:
        # The peer went away in the middle of a message; its disconnect is on the way.
        return
    except Exception as error:  # whatever it was, the client must learn that nothing more comes
        log.error("socket_failed", exc_info=error)
        connection.end(BROKEN)
    finally:
        connection.at_once = None
    with contextlib.suppress(OSError, RuntimeError):
        await client.close(connection.close_code)


async def _send_new(connection: Connection, client: Client) -> None:
    if connection.sequence is None:
        return
    while connection.jobs and not connection.close_code:
        await client.say("progress", connection.jobs.pop(next(iter(connection.jobs))))
    while connection.news and not connection.close_code:
        kind, of = next(iter(connection.news))
        await client.say(kind, connection.news.pop((kind, of)))
    while connection.frames and not connection.close_code:
        await client.deliver(connection.frames.popleft())
    await client.room()
