"""Signed statements: compact JWS (RFC 7515) by Ed25519 (RFC 8037), in one byte form only.

A statement is refused unless it is, byte for byte, what its own parts encode to: base64 has several spellings of the
same bytes, and none but one is ours, so that no character of a statement can be changed unseen.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# Public keys of 32 bytes, by key id.
PublicKeys: TypeAlias = Mapping[str, bytes]


class Unsigned(ValueError):
    """Not a statement that one of the given keys signed. The message says why, and quotes nothing of it."""


@dataclass(frozen=True)
class Signer:
    """A private key with its key id."""

    kid: str
    key: Ed25519PrivateKey

    def sign(self, kind: str, said: Mapping[str, Any]) -> str:
        """The compact JWS of ``said``; ``kind`` becomes its ``typ``, so that no statement passes for another."""
        head = {"alg": "EdDSA", "kid": self.kid, "typ": f"{kind}+jws"}
        signed = f"{encode(_bytes(head))}.{encode(_bytes(said))}"
        return f"{signed}.{encode(self.key.sign(signed.encode()))}"


def read(kind: str, statement: str, keys: PublicKeys) -> dict[str, Any]:
    """What was said. Raises ``Unsigned``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    head, said, signature = _parts(statement)
    if not isinstance(head, dict) or head.get("alg") != "EdDSA" or head.get("typ") != f"{kind}+jws":
        raise Unsigned("This is not a statement of the expected kind.")
    public = keys.get(str(head.get("kid")))
    if public is None:
        raise Unsigned("It names a key that is not among the published keys given.")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement.rpartition(".")[0].encode())
    except (InvalidSignature, ValueError):
        raise Unsigned("The signature does not fit.") from None
    if not isinstance(said, dict):
        raise Unsigned("The statement says nothing.")
    return said


def key_id(public: bytes) -> str:
    """The RFC 7638 thumbprint of a public key of 32 bytes."""
    return encode(hashlib.sha256(_bytes({"crv": "Ed25519", "kty": "OKP", "x": encode(public)})).digest())


def public_jwk(public: bytes) -> dict[str, str]:
    """A public key of 32 bytes as JSON Web Key."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": encode(public),
        "kid": key_id(public),
        "use": "sig",
        "alg": "EdDSA",
    }


def keys_of(key_set: str | bytes) -> PublicKeys:
    """The keys of a JSON Web Key Set. The key id is computed anew: a set cannot give a key another one's name."""
    try:
        given = json.loads(key_set)["keys"]
        found = [decode(key["x"]) for key in given if key["kty"] == "OKP" and key["crv"] == "Ed25519"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unsigned("The key file is not a JSON Web Key Set.") from None
    if not found or any(len(key) != 32 for key in found):
        raise Unsigned("The key file holds no Ed25519 keys.")
    return {key_id(key): key for key in found}


def encode(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of base64url in its one canonical spelling. Raises ``ValueError``."""
    data = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    if encode(data) != text:
        raise ValueError("not the canonical spelling")
    return data


def _parts(statement: str) -> tuple[Any, Any, bytes]:
    try:
        head, said, signature = statement.split(".")
        raw_head, raw_said = decode(head), decode(said)
        parsed = json.loads(raw_head), json.loads(raw_said)
        if (_bytes(parsed[0]), _bytes(parsed[1])) != (raw_head, raw_said):
            raise ValueError("not the canonical form")
        return *parsed, decode(signature)
    except (ValueError, binascii.Error, RecursionError):
        raise Unsigned("This is not a signed statement.") from None


def _bytes(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
