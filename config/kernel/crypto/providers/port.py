"""What the platform needs of a holder of master keys."""

from typing import Protocol

from django.core.exceptions import ImproperlyConfigured


class MisconfiguredKeys(ImproperlyConfigured):
    """A setting is missing or wrong. The message names it, and never its value."""


class RotatedElsewhere(RuntimeError):
    """This holder's versions are changed by whoever runs it; the message says how."""


class MasterKeys(Protocol):
    """Versions count upwards from 1. ``bound`` is authenticated with the data, and is needed to open it again."""

    def newest(self) -> int:
        """The version that new wrappings are made with."""

    def versions(self) -> tuple[int, ...]:
        """Every version that still opens something, ascending."""

    def wrap(self, version: int, data: bytes, bound: bytes) -> bytes:
        """Encrypt; ``Unavailable`` while the holder does not answer."""

    def unwrap(self, version: int, wrapped: bytes, bound: bytes) -> bytes:
        """Decrypt; ``UnreadableSecret`` for what was altered, moved, or wrapped by a version that is gone."""

    def rotate(self) -> int:
        """Add a version and return its number, or raise ``RotatedElsewhere``."""

    def retire(self, version: int) -> None:
        """Remove a version for good, or raise ``RotatedElsewhere``. The newest is never removed."""
