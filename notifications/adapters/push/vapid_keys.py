"""The key by which push services know us (RFC 8292), and its public half, which browsers ask for."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key of ``VAPID_PRIVATE_KEY``: PEM, or its 32 bytes in base64url. ``ValueError`` for anything else."""
    if "-----BEGIN" in text:
        key = load_pem_private_key(text.encode(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
            return key
        raise ValueError("The key is none of P-256.")
    try:
        number = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except binascii.Error:
        raise ValueError("The key is no base64url.") from None
    if len(number) != 32:
        raise ValueError("The key has not 32 bytes.")
    return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())


def public_key(text: str) -> str:
    """What a browser subscribes with (``applicationServerKey``): the public point in base64url."""
    point = private_key(text).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
