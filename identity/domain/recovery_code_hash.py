"""What is kept of a recovery code."""

from config.kernel.crypto.token_hash import token_hash


def code_hash(code: str) -> bytes:
    """SHA-256 of a code, however it was spaced and cased."""
    return token_hash(code.replace("-", "").replace(" ", "").upper())
