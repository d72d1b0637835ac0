"""Locks and secrets on disk."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from config.runtime.embedded.errors import ServiceError


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on ``path``, so that concurrent starters make one server."""
    folder(path.parent)
    try:
        file = path.open("w")
    except PermissionError as error:
        raise ServiceError(f"{path} belongs to another account: remove it, or set SOP_DATA_DIR.") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def folder(path: Path) -> Path:
    """Make the folder; say which setting moves it when that is not allowed."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceError(f"{path} cannot be made ({error.strerror}): set SOP_DATA_DIR.") from error
    return path


def password(path: Path) -> str:
    """The password kept in ``path``, made on first use, readable by its owner alone."""
    if not path.exists():
        private(path, secrets.token_urlsafe(24))
    return path.read_text()


def private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    temporary.replace(path)
