"""What is kept of a recovery code."""

import hashlib


def code_hash(code: str) -> bytes:
    """SHA-256 of a code, however it was spaced and cased."""
    return hashlib.sha256(code.replace("-", "").replace(" ", "").upper().encode()).digest()
