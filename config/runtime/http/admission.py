"""What the worker asks the application before it takes a large body; an application without a door takes all."""

from typing import Any, Protocol

LARGEST = 26 * 1024 * 1024


class Door(Protocol):
    """An application's answers about a request whose head is there and whose body is not."""

    def wants_body(self, environ: dict[str, Any], beginning: bytes) -> bool:
        """Whether to take the body. When not, the application is called at once, with a body that cannot be read.

        Asked when the head is there, with nothing, and again with the ``beginning`` of the body.
        """
        ...

    def keeps_parts(self, environ: dict[str, Any]) -> bool:
        """Whether the application makes use of a body that breaks off."""
        ...

    def opens_file(self, environ: dict[str, Any]) -> bool:
        """Whether the answer is a file: costly to begin, and nobody waits for its first byte as for a page."""
        ...

    def address_of(self, environ: dict[str, Any]) -> str:
        """Who sends: the network address that limits are counted for."""
        ...


class OpenDoor:
    """Takes everything."""

    def wants_body(self, environ: dict[str, Any], beginning: bytes) -> bool:
        """Always."""
        return True

    def keeps_parts(self, environ: dict[str, Any]) -> bool:
        """Never."""
        return False

    def opens_file(self, environ: dict[str, Any]) -> bool:
        """Never."""
        return False

    def address_of(self, environ: dict[str, Any]) -> str:
        """As the nearest proxy tells it."""
        told: str = environ.get("HTTP_X_FORWARDED_FOR") or environ.get("REMOTE_ADDR") or ""
        return told.rpartition(",")[2].strip()
