"""Rotating the token signing keys: a new file signs, superseded ones verify until their last token has ended."""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock
from config.kernel.auth.signing_keys import SIGNS_AFTER, look_again
from config.kernel.auth.tokens import AccessToken
from config.kernel.conf import setting
from config.kernel.errors import Conflict

# The successor signs a little later, and hosts' clocks may differ.
_SLACK = timedelta(seconds=60 + SIGNS_AFTER)


def rotate() -> str:
    """Write a new key, which signs after ``SIGNS_AFTER`` seconds; returns its file's name."""
    folder = Path(setting("SIGNING_KEYS_DIR"))
    names = _names(folder)
    number = max((int(name[:4]) for name in names if name[:4].isdigit()), default=0) + 1
    name = f"{number:04d}-{clock.now():%Y%m%dT%H%M%SZ}.pem"
    if names and name <= names[-1]:
        raise Conflict(f"{names[-1]} would go on signing: its name comes after {name}.", code="key_order")
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    temporary = folder / f".{name}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    # Whole or not at all: other processes read the folder at any time.
    temporary.rename(folder / name)
    look_again()
    return name


def retire() -> tuple[str, ...]:
    """Remove the keys whose last token has ended: superseded for longer than a token lives. Returns their names."""
    folder = Path(setting("SIGNING_KEYS_DIR"))
    names = _names(folder)
    gone = []
    for name, successor in pairwise(names):
        since = datetime.fromtimestamp((folder / successor).stat().st_mtime, UTC)
        if clock.now() - since > AccessToken.lifetime + _SLACK:
            (folder / name).unlink()
            gone.append(name)
    look_again()
    return tuple(gone)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.pem"))
