"""The token signing keys: PEM files in one folder, newest name first, all of them published as JWKS."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from config.kernel.conf import setting


@dataclass(frozen=True)
class SigningKey:
    """One P-256 key pair with its key id (RFC 7638 thumbprint)."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    jwk: dict[str, str]


def signing_key() -> SigningKey:
    """The key that signs new tokens: the last by file name."""
    return _ring()[-1]


@cache
def verification_keys() -> dict[str, ec.EllipticCurvePublicKey]:
    """Every public key that may have signed a token still valid, by key id."""
    return {key.kid: key.private.public_key() for key in _ring()}


def jwks() -> dict[str, Any]:
    """The public keys as a JSON Web Key Set (RFC 7517)."""
    return {"keys": [key.jwk for key in _ring()]}


@cache
def _ring() -> tuple[SigningKey, ...]:
    folder = Path(setting("SIGNING_KEYS_DIR"))
    files = sorted(folder.glob("*.pem"))
    if not files:
        raise ImproperlyConfigured(f"No token signing key (*.pem, EC P-256) in {folder}.")
    return tuple(_load(path) for path in files)


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
