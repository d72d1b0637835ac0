"""The token signing keys: PEM files in one folder, newest name last, all of them published as JWKS.

All of them verify. Every process looks at the folder again after ``LOOK_AGAIN`` seconds, without a restart. The last
one signs once it has lain there for ``SIGNS_AFTER`` seconds: by then every process takes what it signs, and whoever
fetches the key set has seen it.
"""

import base64
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from config.kernel import clock
from config.kernel.conf import setting

LOOK_AGAIN = 10.0
SIGNS_AFTER = 15.0


@dataclass(frozen=True)
class SigningKey:
    """One P-256 key pair with its key id (RFC 7638 thumbprint)."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    jwk: dict[str, str]


@dataclass(frozen=True)
class _Ring:
    folder: str
    names: tuple[str, ...]
    keys: tuple[SigningKey, ...]
    since: tuple[float, ...]
    public: dict[str, ec.EllipticCurvePublicKey]
    looked_at: float


_ring: _Ring | None = None
_lock = Lock()


def signing_key() -> SigningKey:
    """The key that signs new tokens: the last by file name that has lain there long enough, or else the first."""
    ring, at = _current(), clock.now().timestamp()
    settled = [key for key, since in zip(ring.keys, ring.since, strict=True) if at - since >= SIGNS_AFTER]
    return settled[-1] if settled else ring.keys[0]


def verification_keys() -> dict[str, ec.EllipticCurvePublicKey]:
    """Every public key that may have signed a token still valid, by key id."""
    return _current().public


def jwks() -> dict[str, Any]:
    """The public keys as a JSON Web Key Set (RFC 7517)."""
    return {"keys": [key.jwk for key in _current().keys]}


def look_again() -> None:
    """Look at the folder at the next question (after a rotation in this process)."""
    global _ring
    _ring = None


def _current() -> _Ring:
    global _ring
    ring, at = _ring, time.monotonic()
    folder = str(setting("SIGNING_KEYS_DIR"))
    if ring is not None and ring.folder == folder and at - ring.looked_at < LOOK_AGAIN:
        return ring
    with _lock:
        paths = sorted(Path(folder).glob("*.pem"))
        names = tuple(path.name for path in paths)
        if not names:
            raise ImproperlyConfigured(f"No token signing key (*.pem, EC P-256) in {folder}.")
        if ring is not None and (ring.folder, ring.names) == (folder, names):
            keys = ring.keys
        else:
            keys = tuple(_load(path) for path in paths)
        since = tuple(path.stat().st_mtime for path in paths)
        _ring = _Ring(folder, names, keys, since, {key.kid: key.private.public_key() for key in keys}, at)
        return _ring


def _load(path: Path) -> SigningKey:
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise ImproperlyConfigured(f"{path} is not an EC P-256 private key.")
    numbers = private.public_key().public_numbers()
    x, y = (_encode(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    thumbprint = hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest()
    kid = _encode(thumbprint)
    jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig", "alg": "ES256"}
    return SigningKey(kid, private, jwk)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
